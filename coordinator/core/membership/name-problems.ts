// Names that Gluster would take for the wrong machine: one that is another address on one server than on the rest, one
// that points to the machine itself where it should not. The findings show all of them; a gate asks for a pool's.

import { compareText } from '../../../shared/lib/compare-text.ts';
import type { NameResolution } from '../../../shared/model/network.ts';
import { seen } from '../../../shared/model/section.ts';
import type { Cluster } from '../cluster.ts';
import { listed } from '../wording.ts';

export interface NameProblem {
  readonly code: 'name-on-loopback' | 'name-disagrees';
  readonly name: string;
  /** The servers whose answer is the loopback; empty for a disagreement. */
  readonly servers: readonly string[];
  readonly sentence: string;
}

/** One server's answer for a name. */
interface Answer {
  readonly server: string;
  readonly name: NameResolution;
}

/** What is wrong with the names that the servers that are heard resolve. */
export function findNameProblems(cluster: Cluster): NameProblem[] {
  const answers = new Map<string, Answer[]>();
  for (const server of cluster.servers) {
    if (!server.isFresh) continue;
    for (const name of seen(server.state.report.sections.names) ?? []) {
      const known = answers.get(name.name);
      if (known === undefined) answers.set(name.name, [{ server: server.name, name }]);
      else known.push({ server: server.name, name });
    }
  }
  return [...answers].flatMap(([name, given]) => [
    ...findLoopback(name, given),
    ...findDisagreement(name, given),
  ]);
}

function findLoopback(name: string, answers: readonly Answer[]): NameProblem[] {
  const servers = answers.filter((answer) => answer.name.isLoopback).map((answer) => answer.server);
  if (servers.length === 0) return [];
  const sentence = `on ${listed(servers)} the name ${name} points to the machine itself (127.* or ::1)`;
  return [{ code: 'name-on-loopback', name, servers, sentence }];
}

/**
 * Servers disagree when no address is common to all: a server may well know more addresses of itself than the others
 * do. Answers that are a loopback are the other problem.
 */
function findDisagreement(name: string, answers: readonly Answer[]): NameProblem[] {
  const given = answers.filter((answer) => !answer.name.isLoopback);
  const [first, ...others] = given;
  if (first === undefined || given.every((answer) => answer.name.addresses.length === 0)) return [];
  const common = others.reduce(
    (left, answer) => left.filter((address) => answer.name.addresses.includes(address)),
    [...first.name.addresses],
  );
  if (common.length > 0) return [];
  const byAddresses = new Map<string, string[]>();
  for (const { server, name: answer } of given) {
    const addresses = [...answer.addresses].sort(compareText);
    const key = addresses.length === 0 ? 'nothing' : listed(addresses);
    byAddresses.set(key, [...(byAddresses.get(key) ?? []), server]);
  }
  const parts = [...byAddresses]
    .sort(([a], [b]) => compareText(a, b))
    .map(([addresses, servers]) => `${addresses} on ${listed(servers)}`);
  return [{ code: 'name-disagrees', name, servers: [], sentence: `the name ${name} is ${listed(parts)}` }];
}
