CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`subscriber_id` integer NOT NULL,
	`digest_id` integer,
	`state` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`planned_at` integer NOT NULL,
	`next_attempt_at` integer NOT NULL,
	`lease_owner` text,
	`lease_until` integer,
	`settled_at` integer,
	`reason` text,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`digest_id`) REFERENCES `digests`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_key_unique` ON `deliveries` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_digest_id_unique` ON `deliveries` (`digest_id`);--> statement-breakpoint
CREATE INDEX `deliveries_waiting` ON `deliveries` (`next_attempt_at`) WHERE "deliveries"."state" in ('planned', 'deferred');--> statement-breakpoint
CREATE INDEX `deliveries_leased` ON `deliveries` (`lease_until`) WHERE "deliveries"."state" in ('claimed', 'data-sent');--> statement-breakpoint
CREATE INDEX `deliveries_by_subscriber` ON `deliveries` (`subscriber_id`,`planned_at`);--> statement-breakpoint
CREATE TABLE `digest_papers` (
	`digest_id` integer NOT NULL,
	`position` integer NOT NULL,
	`paper_id` integer NOT NULL,
	`topic_id` integer NOT NULL,
	PRIMARY KEY(`digest_id`, `position`),
	FOREIGN KEY (`digest_id`) REFERENCES `digests`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `digest_papers_by_paper` ON `digest_papers` (`paper_id`);--> statement-breakpoint
CREATE TABLE `digests` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` blob NOT NULL,
	`subscriber_id` integer NOT NULL,
	`edition_id` integer NOT NULL,
	`day` text NOT NULL,
	`planned_at` integer NOT NULL,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`edition_id`) REFERENCES `editions`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `digests_key_unique` ON `digests` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `digests_once_a_day` ON `digests` (`subscriber_id`,`day`);--> statement-breakpoint
CREATE TABLE `edition_entries` (
	`edition_id` integer NOT NULL,
	`topic_id` integer NOT NULL,
	`rank` integer NOT NULL,
	`paper_id` integer NOT NULL,
	`score` real NOT NULL,
	`parts` text NOT NULL,
	PRIMARY KEY(`edition_id`, `topic_id`, `rank`),
	FOREIGN KEY (`edition_id`) REFERENCES `editions`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `edition_entries_by_paper` ON `edition_entries` (`paper_id`);--> statement-breakpoint
CREATE TABLE `edition_topics` (
	`edition_id` integer NOT NULL,
	`topic_id` integer NOT NULL,
	PRIMARY KEY(`edition_id`, `topic_id`),
	FOREIGN KEY (`edition_id`) REFERENCES `editions`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `editions` (
	`id` integer PRIMARY KEY NOT NULL,
	`as_of` integer NOT NULL,
	`ranked_at` integer NOT NULL,
	`published_at` integer NOT NULL,
	`papers_read` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `paper_authors` (
	`paper_id` integer NOT NULL,
	`position` integer NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`paper_id`, `position`),
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `paper_categories` (
	`paper_id` integer NOT NULL,
	`position` integer NOT NULL,
	`category` text NOT NULL,
	PRIMARY KEY(`paper_id`, `position`),
	FOREIGN KEY (`paper_id`) REFERENCES `papers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `paper_categories_by_category` ON `paper_categories` (`category`,`paper_id`);--> statement-breakpoint
CREATE TABLE `papers` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`title_slug` text NOT NULL,
	`title` text NOT NULL,
	`abstract` text NOT NULL,
	`published_at` integer,
	`listed_on` text,
	`featured_on` text,
	`comment` text,
	`code_url` text,
	`summary` text,
	`summary_by` text,
	`visible_from` integer NOT NULL,
	`dated` integer NOT NULL,
	`first_seen_at` integer NOT NULL,
	`origin` text NOT NULL,
	`hidden` integer DEFAULT false NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `papers_key_unique` ON `papers` (`key`);--> statement-breakpoint
CREATE INDEX `papers_by_title` ON `papers` (`title_slug`);--> statement-breakpoint
CREATE INDEX `papers_by_visible_from` ON `papers` (`visible_from`);--> statement-breakpoint
CREATE TABLE `signals` (
	`id` integer PRIMARY KEY NOT NULL,
	`paper_key` text NOT NULL,
	`source` text NOT NULL,
	`kind` text NOT NULL,
	`observed_at` integer NOT NULL,
	`value` real NOT NULL,
	`listed_on` text
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `signals_once` ON `signals` (`paper_key`,`source`,`kind`,`observed_at`);--> statement-breakpoint
CREATE INDEX `signals_by_time` ON `signals` (`observed_at`);--> statement-breakpoint
CREATE TABLE `source_states` (
	`source` text PRIMARY KEY NOT NULL,
	`attempted_at` integer NOT NULL,
	`succeeded_at` integer,
	`error` text
) STRICT;
--> statement-breakpoint
CREATE TABLE `subscribers` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` blob NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`status` text NOT NULL,
	`frequency` text NOT NULL,
	`hour` integer NOT NULL,
	`time_zone` text NOT NULL,
	`papers` integer NOT NULL,
	`awaits_first` integer NOT NULL,
	`created_at` integer NOT NULL,
	`confirmed_at` integer,
	`unsubscribed_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `subscribers_key_unique` ON `subscribers` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `subscribers_email_key_unique` ON `subscribers` (`email_key`);--> statement-breakpoint
CREATE INDEX `subscribers_by_status` ON `subscribers` (`status`,`time_zone`);--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`subscriber_id` integer NOT NULL,
	`position` integer NOT NULL,
	`topic_id` integer NOT NULL,
	PRIMARY KEY(`subscriber_id`, `topic_id`),
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `subscriptions_by_topic` ON `subscriptions` (`topic_id`);--> statement-breakpoint
CREATE TABLE `suppressions` (
	`email_hash` text PRIMARY KEY NOT NULL,
	`email` text,
	`reason` text NOT NULL,
	`detail` text NOT NULL,
	`since` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `topics` (
	`id` integer PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`group` text NOT NULL,
	`kind` text NOT NULL,
	`query` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `topics_slug_unique` ON `topics` (`slug`);
--> statement-breakpoint
CREATE VIRTUAL TABLE `papers_fts` USING fts5(
	title,
	abstract,
	authors,
	categories,
	content = '',
	contentless_delete = 1,
	tokenize = "porter unicode61 remove_diacritics 2"
);
