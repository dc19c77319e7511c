// What kind of "no" a text of Gluster is. The text decides and not opErrno, which is 30800 for almost everything. Order
// matters: an answer may have one line per failing server, and the most cautious reading of any line wins.

export type RefusalKind =
  /** It may have happened, on some servers or on all: look at every server before anything else. */
  | 'uncertain'
  /** Another transaction holds the lock: nothing happened, try again later. */
  | 'busy'
  /** glusterd does not run here, or the caller is not root: the CLI says the same for both. */
  | 'daemon-down'
  /** What was asked for is there already, or seems to be. */
  | 'already'
  /** The brick's directory is that of a brick that glusterd knows, or lies in or around one. */
  | 'brick-in-use'
  /** The brick's directory has a volume's id on it: it was a brick once, or was to become one in a refused attempt. */
  | 'brick-marked'
  | 'unknown-volume'
  /** A host is not a connected member of the pool, or the pool has lost its quorum. */
  | 'peer-unavailable'
  /** A rebalance or remove-brick runs on the volume. */
  | 'task-running'
  /** Nothing happened, and trying again will not help. */
  | 'refused';

const kinds: readonly (readonly [RegExp, RefusalKind])[] = [
  // Gluster does not roll back: a failed commit was seen to leave the brick on one server and not on the others.
  [
    /Commit failed|Post Validation failed|Unlocking failed|Request timed out|Failed to create volume files/i,
    'uncertain',
  ],
  [/Another transaction (is|could be) in progress|Locking failed on|Failed to get lock/i, 'busy'],
  [/Connection failed\. Please check if gluster daemon is operational/i, 'daemon-down'],
  [/Volume (\S+ )?does not exist|Unable to get volinfo for volume name/i, 'unknown-volume'],
  [/may be containing or be contained by an existing brick/i, 'brick-in-use'],
  [/is already part of a volume/i, 'brick-marked'],
  [/rebalance is in progress|remove-brick is in progress|task is not yet committed/i, 'task-running'],
  [
    /not connected|is not in 'Peer in Cluster' state|Quorum not met|Peer .* is (down|disconnected)/i,
    'peer-unavailable',
  ],
  [/Rebalance on \S+ is already started|Volume \S+ already (exists|started|stopped)/i, 'already'],
];

/** The kind of refusal that `text` (opErrstr, or plain text of the CLI) is. */
export function classifyError(text: string): RefusalKind {
  return kinds.find(([pattern]) => pattern.test(text))?.[1] ?? 'refused';
}
