CREATE TABLE `operator_mails` (
	`week` text PRIMARY KEY NOT NULL,
	`sent_at` integer NOT NULL
) STRICT;
