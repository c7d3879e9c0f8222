import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/db/schema.ts', './src/db/schema-models.ts', './src/db/schema-delivery.ts'],
  out: './migrations',
});
