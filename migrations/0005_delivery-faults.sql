CREATE TABLE `delivery_attempts` (
	`delivery_id` integer NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`reason` text NOT NULL,
	`retry_at` integer NOT NULL,
	PRIMARY KEY(`delivery_id`, `attempt`),
	FOREIGN KEY (`delivery_id`) REFERENCES `deliveries`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `delivery_attempts_by_time` ON `delivery_attempts` (`at`);--> statement-breakpoint
CREATE TABLE `duties` (
	`name` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `shut_ways` (
	`way` text PRIMARY KEY NOT NULL,
	`times` integer NOT NULL,
	`until` integer NOT NULL,
	`reason` text NOT NULL,
	`since` integer NOT NULL
) STRICT;
