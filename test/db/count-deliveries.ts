import { type Db, statement } from '../../src/db/open.ts';
import type { DeliveryState } from '../../src/domain/delivery.ts';

/** How many mails stand in each state, counted one by one. */
export const countDeliveries = (db: Db): { readonly [state in DeliveryState]?: number } =>
  Object.fromEntries(
    (
      statement(db, 'select state, count(*) as count from deliveries group by state').all() as {
        state: DeliveryState;
        count: number;
      }[]
    ).map(({ state, count }) => [state, count]),
  );
