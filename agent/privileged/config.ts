// What this process needs of /etc/mortar/agent.toml. The whole file is checked all the same: root does not work under
// a configuration that the other process refuses.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import type { ServerName } from '../../shared/model/names.ts';
import {
  type AgentConfig,
  AgentConfigFile,
  findProblem,
  resolveAgentConfig,
} from '../../shared/protocol/agent-config.ts';
import { readConfigFile } from '../../shared/runtime/config-file.ts';

export interface PrivilegedConfig {
  server: ServerName;
  publicKeyPath: string;
  socket: string;
  /** For this process alone: what others could write to would let them forget an epoch. */
  stateDirectory: string;
  logLevel: AgentConfig['logLevel'];
}

/** The configuration in the file at `path`. Throws MortarError('bad-config') that names line and key where it is wrong. */
export async function readPrivilegedConfig(path: string, hostName = hostname()): Promise<PrivilegedConfig> {
  const file = await readConfigFile(path, AgentConfigFile, { name: 'mortar-privileged' });
  const config = resolveAgentConfig(file, hostName);
  const problem = findProblem(config);
  if (problem !== null) throw new MortarError('bad-config', `${path}: ${problem}`);
  return {
    server: config.name,
    publicKeyPath: config.coordinatorPublicKey,
    socket: config.socket,
    stateDirectory: join(config.stateDirectory, 'privileged'),
    logLevel: config.logLevel,
  };
}
