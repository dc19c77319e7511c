// The configuration of this process: /etc/mortar/agent.toml, which the privileged process reads as well.
import { hostname } from 'node:os';
import { MortarError } from '../shared/lib/errors.ts';
import {
  type AgentConfig,
  AgentConfigFile,
  findProblem,
  resolveAgentConfig,
} from '../shared/protocol/agent-config.ts';
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
