// Counted for each sender, logged once for each, within limits.
import { expect, test } from 'vitest';
import { createDroppedMessages } from '../../../shared/runtime/dropped-messages.ts';
import { recordLog } from '../../support/log-recorder.ts';

test('each sender is logged once and counted, with its newest problem', () => {
  const { log, records } = recordLog();
  let now = 0;
  const dropped = createDroppedMessages(log, () => ++now);
  dropped.drop('mortar.v1.beat.gluster1', 'not JSON');
  dropped.drop('mortar.v1.beat.gluster1', 'protocol 2');
  dropped.drop('mortar.v1.beat.gluster2', 'not JSON');
  expect(dropped.senders()).toEqual([
    { sender: 'mortar.v1.beat.gluster1', count: 2, problem: 'protocol 2', droppedAt: 2 },
    { sender: 'mortar.v1.beat.gluster2', count: 1, problem: 'not JSON', droppedAt: 3 },
  ]);
  expect(dropped.total()).toBe(3);
  expect(records.map((record) => record.fields)).toEqual([
    { sender: 'mortar.v1.beat.gluster1', problem: 'not JSON' },
    { sender: 'mortar.v1.beat.gluster2', problem: 'not JSON' },
  ]);
});

test('above a thousand senders the rest is counted as one, and logged once', () => {
  const { log, records } = recordLog();
  const dropped = createDroppedMessages(log, () => 1);
  for (let index = 0; index < 5_000; index += 1) dropped.drop(`sender${index}`, 'not JSON');
  expect(dropped.senders()).toHaveLength(1_001);
  expect(dropped.senders().at(-1)).toMatchObject({ sender: '(everyone else)', count: 4_000 });
  expect(records).toHaveLength(1_001);
});
