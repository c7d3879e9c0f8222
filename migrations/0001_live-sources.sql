CREATE TABLE `http_answers` (
	`url` text PRIMARY KEY NOT NULL,
	`etag` text,
	`last_modified` text,
	`body` blob NOT NULL,
	`used_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `source_batches` (
	`id` integer PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`day` text NOT NULL,
	`verdict` text NOT NULL,
	`papers` integer NOT NULL,
	`fresh` integer NOT NULL,
	`detail` text NOT NULL,
	`judged_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `source_batches_by_time` ON `source_batches` (`source`,`judged_at`);--> statement-breakpoint
CREATE TABLE `source_notes` (
	`source` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`noted_at` integer NOT NULL,
	PRIMARY KEY(`source`, `key`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `source_requests` (
	`service` text NOT NULL,
	`day` text NOT NULL,
	`requests` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`service`, `day`)
) STRICT;
--> statement-breakpoint
ALTER TABLE `papers` ADD `keywords` text;--> statement-breakpoint
ALTER TABLE `papers` ADD `organization` text;--> statement-breakpoint
ALTER TABLE `papers` ADD `version` integer;--> statement-breakpoint
ALTER TABLE `papers` ADD `text_by` text;--> statement-breakpoint
ALTER TABLE `papers` ADD `withdrawn_at` integer;--> statement-breakpoint
ALTER TABLE `source_states` ADD `failures` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `source_states` ADD `next_at` integer;--> statement-breakpoint
ALTER TABLE `source_states` ADD `asked_to_wait_until` integer;--> statement-breakpoint
ALTER TABLE `source_states` ADD `owner` text;--> statement-breakpoint
ALTER TABLE `source_states` ADD `leased_until` integer;