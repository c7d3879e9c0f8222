CREATE TABLE `reactions` (
	`subscriber_id` integer NOT NULL,
	`paper_id` integer NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`subscriber_id`, `paper_id`),
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `reactions_by_paper` ON `reactions` (`paper_id`);--> statement-breakpoint
ALTER TABLE `deliveries` ADD `note` text;--> statement-breakpoint
ALTER TABLE `digest_papers` ADD `like_paper_id` integer;--> statement-breakpoint
ALTER TABLE `editions` ADD `kind` text DEFAULT 'day' NOT NULL;--> statement-breakpoint
ALTER TABLE `subscribers` ADD `paused_until` text;