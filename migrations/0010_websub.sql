CREATE TABLE `hub_notices` (
	`topic_id` integer PRIMARY KEY NOT NULL,
	`edition_id` integer NOT NULL,
	`attempts` integer NOT NULL,
	`retry_at` integer NOT NULL,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
