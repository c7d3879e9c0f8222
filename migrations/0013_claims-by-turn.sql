DROP INDEX `deliveries_waiting`;
--> statement-breakpoint
CREATE INDEX `deliveries_by_turn` ON `deliveries` ((`kind` = 'digest'),`next_attempt_at`) WHERE "deliveries"."state" in ('planned', 'deferred');