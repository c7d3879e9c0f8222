CREATE TABLE `meaning_models` (
	`id` integer PRIMARY KEY NOT NULL,
	`last_paper` integer NOT NULL,
	`papers` integer NOT NULL,
	`average_length` real NOT NULL,
	`dims` integer NOT NULL,
	`terms` text NOT NULL,
	`surfaces` text NOT NULL,
	`frequencies` blob NOT NULL,
	`basis` blob NOT NULL,
	`ready` integer DEFAULT false NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `mutes` (
	`subscriber_id` integer NOT NULL,
	`position` integer NOT NULL,
	`term` text NOT NULL,
	PRIMARY KEY(`subscriber_id`, `position`),
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `paper_embeddings` (
	`paper_id` integer NOT NULL,
	`model` text NOT NULL,
	`vector` blob NOT NULL,
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `paper_embeddings_once` ON `paper_embeddings` (`model`,`paper_id`);--> statement-breakpoint
CREATE TABLE `paper_meanings` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`model_id` integer NOT NULL,
	`paper_id` integer NOT NULL,
	`terms` blob NOT NULL,
	`vector` blob NOT NULL,
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `paper_meanings_once` ON `paper_meanings` (`paper_id`,`model_id`);