CREATE TABLE `bounces` (
	`id` integer PRIMARY KEY NOT NULL,
	`subscriber_id` integer NOT NULL,
	`day` text NOT NULL,
	`verdict` text NOT NULL,
	`status` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `bounces_once_a_day` ON `bounces` (`subscriber_id`,`verdict`,`day`);