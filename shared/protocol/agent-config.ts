// The configuration of a server, /etc/mortar/agent.toml. Both processes of the agent read the same file, each what it
// needs; neither may import the other, so the schema and the defaults live here.
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { isWithin } from '../lib/mount-table.ts';
import { AbsolutePath, ServerName, Zone } from '../model/names.ts';
import { OneOf } from '../model/schema.ts';

export const agentConfigPath = '/etc/mortar/agent.toml';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
// Descriptions are what the person who mistyped a key is told.
const Path = Type.Unsafe<AbsolutePath>({
  ...AbsolutePath,
  description: 'an absolute path without . or .. in it',
});
const ZonePath = Type.Unsafe<Zone>({
  ...Zone,
  description: 'names from the outermost to the innermost, with / between them, like dc1/rack2',
});
const Name = Type.Unsafe<ServerName>({ ...ServerName, description: 'a host name in lower case' });

export const SlotConfig = Type.Object(
  {
    /** The directory in which brick directories are made. */
    path: Path,
    /** The mount point that must be there; `path` itself by default. */
    mount: Type.Optional(Path),
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 32 })),
  },
  { additionalProperties: false },
);

/** The file as it is written by people: everything but the bus may be left out. */
export const AgentConfigFile = Type.Object(
  {
    name: Type.Optional(Name),
    /** Where the server stands; bricks of one subvolume are kept in different zones. */
    zone: Type.Optional(ZonePath),
    nats: Type.Object(
      { servers: Type.Array(Type.String({ minLength: 1, maxLength: 512 }), { minItems: 1, maxItems: 16 }) },
      { additionalProperties: false },
    ),
    slots: Type.Optional(Type.Array(SlotConfig, { maxItems: 256 })),
    coordinator_public_key: Type.Optional(Path),
    state_directory: Type.Optional(Path),
    socket: Type.Optional(Path),
    log_level: Type.Optional(OneOf(logLevels)),
  },
  { additionalProperties: false },
);
export type AgentConfigFile = Static<typeof AgentConfigFile>;

export interface AgentConfig {
  name: ServerName;
  zone: Zone | null;
  natsServers: string[];
  slots: { path: AbsolutePath; mountPoint: AbsolutePath; tags: string[] }[];
  /** PEM file of the key that orders must be signed with; may be missing until the server has joined. */
  coordinatorPublicKey: AbsolutePath;
  /** Owned by root; each process has a directory of its own in it. */
  stateDirectory: AbsolutePath;
  /** The unix socket between the two processes. */
  socket: AbsolutePath;
  logLevel: (typeof logLevels)[number];
}

/** What `file` means: defaults filled in, and `hostName` (lower-cased) where no name is configured. */
export function resolveAgentConfig(file: AgentConfigFile, hostName: string): AgentConfig {
  return {
    name: file.name ?? (hostName.toLowerCase() as ServerName),
    zone: file.zone ?? null,
    natsServers: file.nats.servers,
    slots: (file.slots ?? []).map((slot) => ({
      path: slot.path,
      mountPoint: slot.mount ?? slot.path,
      tags: slot.tags ?? [],
    })),
    coordinatorPublicKey: file.coordinator_public_key ?? ('/etc/mortar/coordinator.pub' as AbsolutePath),
    stateDirectory: file.state_directory ?? ('/var/lib/mortar' as AbsolutePath),
    socket: file.socket ?? ('/run/mortar/privileged.sock' as AbsolutePath),
    logLevel: file.log_level ?? 'info',
  };
}

/** What the schema of the file cannot say against `config`, in one sentence, or null when it is nothing. */
export function findProblem({ name, slots }: AgentConfig): string | null {
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
