// The names that everything else is known by, as branded strings: a server's name cannot be passed where a
// volume's is wanted. The patterns are Gluster's and DNS's own, so that no name can be an option, a path or a newline.
import { Type } from 'typebox';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** A server's canonical host name, lower case: what it is called in brick specs and on the bus. */
export type ServerName = Branded<'ServerName'>;
export const ServerName = Type.Unsafe<ServerName>(
  Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$', maxLength: 253 }),
);

/** Where a server stands, outermost first: `dc1/rack2`. At most 8 names, each of letters, digits, `.`, `_` and `-`. */
export type Zone = Branded<'Zone'>;
export const Zone = Type.Unsafe<Zone>(
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,7}$', maxLength: 255 }),
);

/** The UUID by which glusterd knows a peer (glusterd.info). */
export type PeerUuid = Branded<'PeerUuid'>;
export const PeerUuid = Type.Unsafe<PeerUuid>(Type.String({ pattern: uuid }));

/** A volume's name, within what `gluster volume create` accepts. */
export type VolumeName = Branded<'VolumeName'>;
export const VolumeName = Type.Unsafe<VolumeName>(
  Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]*$', maxLength: 63 }),
);

/** A volume's UUID: stays when names change, differs when a volume is deleted and made again. */
export type VolumeId = Branded<'VolumeId'>;
export const VolumeId = Type.Unsafe<VolumeId>(Type.String({ pattern: uuid }));

/** An absolute, normalised path without control characters: no `..`, no `//`, no trailing slash. */
export type AbsolutePath = Branded<'AbsolutePath'>;
export const AbsolutePath = Type.Unsafe<AbsolutePath>(
  Type.String({
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
    pattern: /^\/$|^(\/(?!\.{1,2}(\/|$))[^/\u0000-\u001f\u007f]+)+$/.source,
    maxLength: 4096,
  }),
);

/** A plan's name: `grow-<volume>-<UTC time of its writing>`. */
export type PlanId = Branded<'PlanId'>;
export const PlanId = Type.Unsafe<PlanId>(
  Type.String({ pattern: '^[a-z]+-[A-Za-z0-9_-]+$', maxLength: 128 }),
);
