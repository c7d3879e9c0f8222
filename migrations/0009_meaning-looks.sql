CREATE INDEX `meaning_models_ready` ON `meaning_models` (`id`) WHERE ready = 1;--> statement-breakpoint
CREATE INDEX `papers_hidden` ON `papers` (`id`) WHERE hidden = 1;