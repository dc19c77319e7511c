// The volume that a step is about, by name and id: a volume that was deleted and made again has the name, but is not it.
import type { VolumeId, VolumeName } from '../../../shared/model/names.ts';
import type { VolumeInfo } from '../gluster/parse-volume-info.ts';
import type { StepEdges } from './verb.ts';

/** The volume as glusterd has it now, or in one sentence why it is not the one that is meant. */
export async function volumeOfStep(
  step: { volume: VolumeName; volumeId: VolumeId },
  edges: StepEdges,
): Promise<{ ok: true; volume: VolumeInfo } | { ok: false; sentence: string }> {
  const volume = await edges.gluster.readVolume(step.volume);
  if (!volume) return { ok: false, sentence: `there is no volume ${step.volume}` };
  if (volume.id !== step.volumeId) {
    return {
      ok: false,
      sentence: `${step.volume} is another volume now (${volume.id}) than the step was written for (${step.volumeId})`,
    };
  }
  return { ok: true, volume };
}
