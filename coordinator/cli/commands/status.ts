// `mortar status`: the whole cluster on one screen: how it is, who is there, how full, and what Mortar is doing.
import type { Command } from 'commander';
import type { HealthAnswer, PlanAnswer, ServerAnswer, VolumeAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import type { Terminal } from '../terminal.ts';
import { moment } from '../wording.ts';
import { renderHealth } from './health.ts';
import { renderPlans } from './plans.ts';
import { renderServers } from './servers.ts';
import { renderVolumes } from './volumes.ts';

interface Status {
  health: HealthAnswer;
  servers: ServerAnswer[];
  volumes: VolumeAnswer[];
  /** Those that have not ended. */
  plans: PlanAnswer[];
}

export function addStatusCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'status', 'the cluster on one screen').action(async (_, command: Command) => {
    const run = runOf(command, terminal);
    const [health, servers, volumes, proposed, running, paused] = await Promise.all([
      run.client.get<HealthAnswer>('/v1/health'),
      run.client.list<ServerAnswer>('/v1/servers'),
      run.client.list<VolumeAnswer>('/v1/volumes'),
      run.client.list<PlanAnswer>('/v1/plans', { status: 'proposed' }),
      run.client.list<PlanAnswer>('/v1/plans', { status: 'running' }),
      run.client.list<PlanAnswer>('/v1/plans', { status: 'paused' }),
    ]);
    run.show({ health, servers, volumes, plans: [...running, ...paused, ...proposed] }, (status) =>
      renderStatus(status, terminal),
    );
  });
}

function renderStatus({ health, servers, volumes, plans }: Status, terminal: Terminal): string {
  const parts = [
    `${renderHealth(health, terminal)}as of ${moment(health.asOf)}, epoch ${health.epoch}\n`,
    renderServers(servers, terminal.width),
    renderVolumes(volumes, terminal.width),
    ...(plans.length === 0 ? [] : [renderPlans(plans, terminal.width)]),
  ];
  return parts.join('\n');
}
