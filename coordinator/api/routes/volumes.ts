// Volumes: shape, space, and what Mortar is doing for them and why; and the policy, which says what it may do.

import { Type } from 'typebox';
import { MortarError } from '../../../shared/lib/errors.ts';
import { decisionKinds } from '../../../shared/model/decision.ts';
import { VolumeName } from '../../../shared/model/names.ts';
import { Policy, policyProblems } from '../../../shared/model/policy.ts';
import { OneOf } from '../../../shared/model/schema.ts';
import { volumeKinds } from '../../../shared/model/volume.ts';
import type { ClusterVolume } from '../../core/cluster.ts';
import type { Coordination, Snapshot } from '../../loop/coordination.ts';
import { type Api, askerOf, Strict } from '../typed-instance.ts';
import { keyOfParts, Page, pageQuery, paginate } from '../views/page.ts';
import {
  PolicyView,
  summarizeVolume,
  VolumeSummary,
  VolumeView,
  viewPolicy,
  viewVolume,
} from '../views/volume-view.ts';

const params = Strict({ name: VolumeName });

export function addVolumeRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/volumes',
    {
      schema: {
        operationId: 'listVolumes',
        summary: 'Volumes by name',
        tags: ['volumes'],
        querystring: Strict({
          ...pageQuery,
          kind: Type.Optional(OneOf(volumeKinds)),
          decision: Type.Optional(OneOf(decisionKinds)),
        }),
        response: { 200: Page(VolumeSummary) },
      },
    },
    ({ query }) => {
      const snapshot = coordination.snapshot();
      const wanted = snapshot.cluster.volumes
        .map((volume) => summarizeVolume(snapshot, volume))
        .filter(
          (volume) =>
            (query.kind === undefined || volume.kind === query.kind) &&
            (query.decision === undefined || volume.decision?.kind === query.decision),
        );
      return paginate(wanted, ({ name, id }) => keyOfParts(name, id), query);
    },
  );

  api.get(
    '/v1/volumes/:name',
    {
      schema: {
        operationId: 'getVolume',
        summary: 'One volume: subvolumes fullest first, policy, decision with every slot that was looked at',
        tags: ['volumes'],
        params,
        response: { 200: VolumeView },
      },
    },
    (request) => {
      const snapshot = coordination.snapshot();
      return viewVolume(snapshot, findVolume(snapshot, request.params.name));
    },
  );

  api.get(
    '/v1/volumes/:name/policy',
    {
      schema: {
        operationId: 'getPolicy',
        summary: 'What Mortar may do for the volume',
        tags: ['volumes'],
        params,
        response: { 200: PolicyView },
      },
    },
    (request) => {
      const snapshot = coordination.snapshot();
      return viewPolicy(snapshot, knownName(snapshot, request.params.name));
    },
  );

  api.put(
    '/v1/volumes/:name/policy',
    {
      schema: {
        operationId: 'setPolicy',
        summary: 'Sets the whole policy; it is stored durably when this answers',
        tags: ['volumes'],
        params,
        body: Policy,
        response: { 200: PolicyView },
      },
    },
    (request) => {
      const volume = knownName(coordination.snapshot(), request.params.name);
      const problems = policyProblems(request.body);
      if (problems.length > 0) throw new MortarError('bad-input', problems.join('; '));
      coordination.setPolicy(volume, request.body, askerOf(request));
      return { volume, policy: request.body, isDefault: false };
    },
  );
}

/** The volume called `name`. Throws MortarError('not-found') when no server reports one. */
export function findVolume({ cluster }: Snapshot, name: VolumeName): ClusterVolume {
  const found = cluster.volumes.find(({ volume }) => volume.name === name);
  if (found === undefined) throw new MortarError('not-found', `no server reports a volume called ${name}`);
  return found;
}

/** A volume with a policy is known even while no server reports it, so that its policy can still be read and changed. */
function knownName(snapshot: Snapshot, name: VolumeName): VolumeName {
  return snapshot.state.policies.has(name) ? name : findVolume(snapshot, name).volume.name;
}
