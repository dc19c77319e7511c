// Shows a volume's next plan while it is carried out: each journal entry once, as it appears.
import { setTimeout as sleep } from 'node:timers/promises';
import type { MortarLab } from '../../test/lab/mortar.ts';

/** Waits for a plan of `volume` (two minutes at most) and says each of its journal's entries until it has ended. */
export async function followPlan(
  mortar: MortarLab,
  volume: string,
  say: (line: string) => void,
): Promise<void> {
  const id = await mortar.until(
    'a plan',
    async () =>
      (await mortar.get<{ items: { id: string }[] }>(`/v1/plans?volume=${volume}`)).items[0]?.id ?? null,
    120_000,
  );
  let told = 0;
  for (;;) {
    const plan = await mortar.get(`/v1/plans/${id}`);
    for (const entry of plan.journal.items.slice(told)) say(`Mortar: ${entry.event}: ${entry.message}`);
    told = plan.journal.items.length;
    if (['done', 'failed', 'cancelled'].includes(plan.status)) return;
    await sleep(100);
  }
}
