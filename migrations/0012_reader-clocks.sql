ALTER TABLE `subscribers` ADD `digest_on` text DEFAULT '' NOT NULL;
--> statement-breakpoint
CREATE INDEX `subscribers_by_clock` ON `subscribers` (`time_zone`,`frequency`,`digest_on`,`hour`) WHERE "subscribers"."status" = 'active' and "subscribers"."awaits_first" = 0;
--> statement-breakpoint
CREATE INDEX `subscribers_awaiting` ON `subscribers` (`id`) WHERE "subscribers"."status" = 'active' and "subscribers"."awaits_first" = 1;
--> statement-breakpoint
CREATE INDEX `subscribers_paused_until` ON `subscribers` (`paused_until`) WHERE "subscribers"."status" = 'paused' and "subscribers"."paused_until" is not null;