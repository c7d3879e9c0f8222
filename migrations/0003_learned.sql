CREATE TABLE `models` (
	`cut` integer PRIMARY KEY NOT NULL,
	`learned_from` text NOT NULL,
	`growth` text NOT NULL,
	`foresight` blob
) STRICT;
--> statement-breakpoint
CREATE TABLE `paper_traits` (
	`paper_id` integer NOT NULL,
	`cut` integer NOT NULL,
	`chance` real NOT NULL,
	`outlook` real NOT NULL,
	`sketch` blob NOT NULL,
	PRIMARY KEY(`cut`, `paper_id`),
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `papers_by_visible_from`;--> statement-breakpoint
CREATE INDEX `papers_by_visible_from` ON `papers` (`visible_from`,`hidden`,`dated`,`featured_on`,`key`);