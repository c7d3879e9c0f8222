ALTER TABLE `digests` ADD `papers` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `digests` ADD `topics` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `digests` ADD `likes` text;--> statement-breakpoint
UPDATE `digests` SET (`papers`, `topics`, `likes`) = (
  SELECT json_group_array(`paper_id` ORDER BY `position`),
    json_group_array(`topic_id` ORDER BY `position`),
    iif(count(`like_paper_id`) > 0, json_group_array(`like_paper_id` ORDER BY `position`), NULL)
  FROM `digest_papers` WHERE `digest_id` = `digests`.`id`
) WHERE EXISTS (SELECT 1 FROM `digest_papers` WHERE `digest_id` = `digests`.`id`);
--> statement-breakpoint
DROP TABLE `digest_papers`;--> statement-breakpoint
CREATE INDEX `deliveries_unseen` ON `deliveries` (`digest_id`) WHERE "deliveries"."state" in ('failed', 'unknown');
