// `mortar grow VOLUME`: what growing would be, with a reason for every slot; without --dry-run it is proposed, and a
// person approves it afterwards. Exits with 2 when there is no way to grow.
import type { Command } from 'commander';
import { formatDuration } from '../../../shared/lib/duration.ts';
import type { Decision } from '../../../shared/model/decision.ts';
import type { Candidate, Plan } from '../../../shared/model/plan.ts';
import type { PreviewAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { printable, renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { ordinal, size } from '../wording.ts';
import { growthOf } from './plans.ts';

export function addGrowCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'grow <volume>', 'proposes a plan that grows a volume')
    .option('--dry-run', 'only show what the plan would be')
    .action(async (volume: string, options: { dryRun?: boolean }, command: Command) => {
      const run = runOf(command, terminal);
      const path = `/v1/volumes/${encodeURIComponent(volume)}/plans`;
      let preview = await run.client.send<PreviewAnswer>('POST', path, { goal: 'grow' });
      if (preview.plan !== null && options.dryRun !== true) {
        preview = await run.client.send<PreviewAnswer>('POST', path, { goal: 'grow', propose: true });
      }
      run.show(preview, (answer) => renderPreview(answer, terminal.width));
      if (preview.plan === null) terminal.exitWith(2);
    });
}

/** A decision with its reasons and every slot that was looked at. */
export function renderDecision(
  { kind, sentence, reasons, candidates }: Decision,
  width: number | null,
): string {
  const words = [`${kind}: ${sentence}`, ...reasons.map((reason) => `  - ${reason}`)]
    .map(printable)
    .join('\n');
  return candidates.length === 0 ? `${words}\n` : `${words}\n\n${renderCandidates(candidates, width)}`;
}

function renderPreview(
  { decision, plan, timeToFull, descriptions, proposed }: PreviewAnswer,
  width: number | null,
): string {
  const decided = renderDecision(decision, width);
  if (plan === null) return decided;
  const steps = descriptions.map((line, index) => printable(`  ${ordinal(index)}. ${line}`)).join('\n');
  const shown = `${decided}\nThe plan: ${growthOf(plan)}, ${plan.before.bricks} → ${plan.after.bricks} bricks\n${spreadOf(plan)}\n${lastingOf(timeToFull)}${steps}\n`;
  if (proposed === null) return `${shown}\nNothing was changed.\n`;
  return `${shown}\nProposed as ${proposed.id}. To let it run:\n  mortar plan approve ${proposed.id} --hash ${proposed.hash}\n`;
}

/** Nothing where no forecast says that the volume fills. */
function lastingOf({ beforeMs, afterMs }: PreviewAnswer['timeToFull']): string {
  if (beforeMs === null || afterMs === null) return '';
  return `  full in ${formatDuration(beforeMs)} without it, in ${formatDuration(afterMs)} with it\n`;
}

/** How many ways there are to lose data with all servers of one set, and how widely copies lie. */
function spreadOf({ copysets, scatterWidth }: Plan): string {
  return `  server sets that hold subvolumes: ${copysets.before} → ${copysets.after}; partners of a server, at most: ${scatterWidth.before} → ${scatterWidth.after}`;
}

function renderCandidates(candidates: readonly Candidate[], width: number | null): string {
  return renderTable(
    [
      { title: 'SERVER', canShrink: true },
      { title: 'SLOT', canShrink: true },
      { title: 'FREE', align: 'right' },
      { title: 'SIZE', align: 'right', canDrop: true },
      { title: 'EXPECTED', align: 'right', canDrop: true },
      { title: 'VERDICT' },
      { title: 'REASON', canShrink: true },
    ],
    candidates.map(({ server, slot, freeBytes, sizeBytes, expectedFillPercent, verdict, reason }) => [
      server,
      slot,
      size(freeBytes),
      size(sizeBytes),
      expectedFillPercent === null ? '-' : `${expectedFillPercent.toFixed(1)} %`,
      verdict,
      reason,
    ]),
    width,
  );
}
