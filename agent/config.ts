// The configuration of this process: /etc/mortar/agent.toml, which the privileged process reads as well.
import { hostname } from 'node:os';
import { Compile } from 'typebox/compile';
import { MortarError } from '../shared/lib/errors.ts';
import { isWithin } from '../shared/lib/mount-table.ts';
import { ServerName } from '../shared/model/names.ts';
import { type AgentConfig, AgentConfigFile, resolveAgentConfig } from '../shared/protocol/agent-config.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';

/** The configuration in the file at `path`. Throws MortarError('bad-config') that names line and key where it is wrong. */
export async function readAgentConfig(path: string, hostName = hostname()): Promise<AgentConfig> {
  const config = resolveAgentConfig(
    await readConfigFile(path, AgentConfigFile, { name: 'mortar-agent' }),
    hostName,
  );
  const problem = findProblem(config);
  if (problem !== null) throw new MortarError('bad-config', `${path}: ${problem}`);
  return config;
}

/** What the schema of the file cannot say. */
function findProblem({ name, slots }: AgentConfig): string | null {
  if (!Compile(ServerName).Check(name)) {
    return `the host name "${name}" cannot be a server's name; set name to the name that its peers know it by`;
  }
  const paths = new Set<string>();
  for (const { path, mountPoint } of slots) {
    if (paths.has(path)) return `the slot ${path} is there twice`;
    paths.add(path);
    if (!isWithin(path, mountPoint)) return `the slot ${path} is not below its mount ${mountPoint}`;
  }
  return null;
}
