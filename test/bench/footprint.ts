// What an agent costs: memory (PSS, so that what the two processes share counts once) and CPU of both processes with
// their children, at one beat a second, beside Debian's prometheus-node-exporter scraped every 15 s on the same server.
import { setTimeout as sleep } from 'node:timers/promises';
import { startMortarLab } from '../lab/mortar.ts';
import type { Server } from '../lab/server.ts';
import { makeVolume } from '../lab/volume.ts';
import type { Bench } from './bench.ts';
import { spreadOf } from './bench.ts';

const windows = 5;
const windowSeconds = 30;
/** The first reports, the JIT and the bundle's loading are over by then. */
const settleSeconds = 20;
const scrapeSeconds = 15;
const mostMebibytes = 100;
const mostCorePercent = 1;

interface Cost {
  mebibytes: number;
  cpuSeconds: number;
}

export const footprint: Bench = {
  name: 'footprint',
  question: 'What do the two agent processes cost beside prometheus-node-exporter?',
  async run(say) {
    const mortar = await startMortarLab({ name: 'bench-footprint', say });
    try {
      await makeVolume(mortar.lab.servers, { name: 'vol1', shape: 'replica 3', slot: '/bricks/b1' });
      const server = mortar.lab.server(2);
      await giveOwnNode(server);
      await server.sh('systemctl start prometheus-node-exporter');
      await sleep(settleSeconds * 1000);
      return await measure(server, say);
    } finally {
      await mortar.stop();
    }
  },
};

/**
 * The servers of a lab, and this machine, share one node binary and its pages in memory; a server of its own shares
 * them with nobody. So this one gets a copy, or its PSS would look better than it is.
 */
async function giveOwnNode(server: Server): Promise<void> {
  await server.sh(`
    cp /usr/lib/mortar/bin/node /usr/lib/mortar/own-node
    sed -i 's#/usr/lib/mortar/bin/node#/usr/lib/mortar/own-node#' /etc/systemd/system/mortar-*.service
    systemctl daemon-reload
    systemctl restart mortar-privileged mortar-agent`);
}

async function measure(server: Server, say: (line: string) => void) {
  const figures = {
    agent: { pss: [] as number[], core: [] as number[] },
    exporter: { pss: [] as number[], core: [] as number[] },
  };
  for (let window = 1; window <= windows; window += 1) {
    const before = await costs(server);
    const beganAt = performance.now();
    for (let second = 0; second < windowSeconds; second += scrapeSeconds) {
      await server.sh('curl -s -o /dev/null http://127.0.0.1:9100/metrics');
      await sleep(scrapeSeconds * 1000);
    }
    const after = await costs(server);
    const seconds = (performance.now() - beganAt) / 1000;
    for (const who of ['agent', 'exporter'] as const) {
      figures[who].pss.push(after[who].mebibytes);
      figures[who].core.push((100 * (after[who].cpuSeconds - before[who].cpuSeconds)) / seconds);
    }
    say(
      `  window ${window}: agent ${figures.agent.pss.at(-1)?.toFixed(1)} MiB PSS, ${figures.agent.core.at(-1)?.toFixed(2)} % of a core`,
    );
  }
  return [
    row('memory of both processes', 'MiB PSS', figures.agent.pss, figures.exporter.pss, mostMebibytes),
    row(
      'CPU of both processes and their children',
      '% of a core',
      figures.agent.core,
      figures.exporter.core,
      mostCorePercent,
    ),
  ];
}

function row(what: string, unit: string, agent: number[], exporter: number[], most: number) {
  const samples = { unit, values: agent };
  return {
    what,
    samples,
    besides: { what: 'node-exporter', samples: { unit, values: exporter } },
    goal: { sentence: `at most ${most} ${unit}`, isMet: spreadOf(samples).median <= most },
  };
}

async function costs(server: Server): Promise<{ agent: Cost; exporter: Cost }> {
  const [agent, privileged, exporter] = await Promise.all(
    ['mortar-agent', 'mortar-privileged', 'prometheus-node-exporter'].map((unit) => costOf(server, unit)),
  );
  if (!agent || !privileged || !exporter) throw new Error('a process to measure is missing');
  return {
    agent: {
      mebibytes: agent.mebibytes + privileged.mebibytes,
      cpuSeconds: agent.cpuSeconds + privileged.cpuSeconds,
    },
    exporter,
  };
}

/** PSS of a unit's main process, and its CPU time with that of its ended children (utime, stime, cutime, cstime: 1/100 s). */
async function costOf(server: Server, unit: string): Promise<Cost> {
  const text = await server.sh(
    `pid=$(systemctl show -p MainPID --value ${unit}); grep ^Pss: /proc/$pid/smaps_rollup; sed 's/.*) //' /proc/$pid/stat`,
  );
  const [pss = '', stat = ''] = text.trim().split('\n');
  const ticks = stat.split(' ').slice(11, 15).map(Number);
  return {
    mebibytes: Number(pss.replaceAll(/[^0-9]/g, '')) / 1024,
    cpuSeconds: ticks.reduce((sum, tick) => sum + tick, 0) / 100,
  };
}
