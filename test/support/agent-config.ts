// The configuration of an agent in a test: one server, and the slots that the test is about.
import type { AbsolutePath, ServerName } from '../../shared/model/names.ts';
import type { AgentConfig } from '../../shared/protocol/agent-config.ts';

/** The configuration of `gluster1` with slots at `paths`, each its own mount point. */
export function agentConfig(paths: readonly string[] = []): AgentConfig {
  return {
    name: 'gluster1' as ServerName,
    zone: null,
    natsServers: ['nats://127.0.0.1:4222'],
    slots: paths.map((path) => ({ path: path as AbsolutePath, mountPoint: path as AbsolutePath, tags: [] })),
    coordinatorPublicKey: '/etc/mortar/coordinator.pub' as AbsolutePath,
    stateDirectory: '/var/lib/mortar' as AbsolutePath,
    socket: '/run/mortar/privileged.sock' as AbsolutePath,
    logLevel: 'info',
  };
}
