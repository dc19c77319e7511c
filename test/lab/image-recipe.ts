// What a base image is made of. Its hash is part of the image's name, so a change here makes a new image at the next start.
// Beside Debian's own packages there are two small units: the network's address, and a stand-in for udev, which does not
// run in a container: partitions' device nodes and /dev/disk/by-uuid, without which no UUID can be mounted on Debian 13.
import { createHash } from 'node:crypto';

/** What every server has. Servers reach no mirror, so the dependencies of whatever a test installs belong here. */
export const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'procps', 'util-linux', 'kmod', 'ca-certificates', 'curl'],
  ...['iproute2', 'nftables', 'iputils-ping'],
  ...['xfsprogs', 'e2fsprogs', 'parted', 'gdisk', 'attr'],
  ...['glusterfs-server', 'glusterfs-client', 'nats-server', 'prometheus-node-exporter'],
];

/** Brings up the link that nspawn calls host0 before anything that wants a network; the address is the server's own file. */
const networkUnit = `[Unit]
Description=The lab's network
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target network.target network-online.target
Wants=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=/etc/lab-address
ExecStart=/sbin/ip address replace \${ADDRESS} dev host0
ExecStart=/sbin/ip link set host0 up

[Install]
WantedBy=sysinit.target
`;

const disksUnit = `[Unit]
Description=Names of the lab's disks
DefaultDependencies=no
Before=local-fs-pre.target
Wants=local-fs-pre.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/bin/sh /etc/lab-disks

[Install]
WantedBy=sysinit.target
`;

/** Started at each boot, and whenever a program that wrote to a disk closes it (lab-disks.path). */
const disksScript = `set -eu
name() {
  # blkid looks for a device under the kernel's own name (loop6), and the disks have others here.
  kernel=/dev/$(basename "$(readlink "/sys/dev/block/$2")")
  [ -e "$kernel" ] || ln -s "$1" "$kernel"
  uuid=$(blkid --probe -s UUID -o value "$1" || true)
  [ -n "$uuid" ] || return 0
  ln -sfn "$1" "/dev/disk/by-uuid/$uuid"
  known="$known $uuid "
}
known=
mkdir -p /dev/disk/by-uuid
for disk in /dev/vd?; do
  [ -b "$disk" ] || continue
  number=$(stat --format %Hr:%Lr "$disk")
  name "$disk" "$number"
  for node in "$disk"[0-9]*; do
    [ ! -b "$node" ] || [ -e "/sys/dev/block/$(stat --format %Hr:%Lr "$node")" ] || rm "$node"
  done
  for partition in "/sys/dev/block/$number"/*/partition; do
    [ -e "$partition" ] || continue
    node=$disk$(cat "$partition")
    numbers=$(cat "\${partition%/partition}/dev")
    [ -b "$node" ] || mknod "$node" b "\${numbers%:*}" "\${numbers#*:}"
    name "$node" "$numbers"
  done
done
for link in /dev/disk/by-uuid/*; do
  case $known in *" \${link##*/} "*) ;; *) rm -f "$link" ;; esac
done
`;

/** Files that are written into the new tree before `finishScript` runs in it. */
export const files: Record<string, string> = {
  'etc/systemd/system/lab-network.service': networkUnit,
  'etc/systemd/system/lab-disks.service': disksUnit,
  'etc/lab-disks': disksScript,
};

/** Runs inside the new tree. An empty machine-id (not a missing one, which would enable every unit) is for the server to fill. */
export const finishScript = `set -eu
systemctl disable --quiet nats-server glusterd prometheus-node-exporter e2scrub_reap
for timer in apt-daily apt-daily-upgrade dpkg-db-backup e2scrub_all fstrim; do
  systemctl disable --quiet $timer.timer || true
done
systemctl mask --quiet console-getty.service
systemctl enable --quiet lab-network.service lab-disks.service
useradd --system --user-group --home-dir /var/lib/mortar --shell /usr/sbin/nologin mortar
rm -f /etc/machine-id /var/lib/dbus/machine-id /var/lib/glusterd/glusterd.info /etc/hostname /etc/resolv.conf
: >/etc/machine-id
: >/etc/resolv.conf
mkdir -p /var/log/journal
apt-get clean
# Tells systemd that nothing has to be rebuilt at a first boot (systemd-update-done.service).
touch --reference=/usr /etc/.updated /var/.updated
`;

export const recipeHash = createHash('sha256')
  .update([...packages, ...Object.entries(files).flat(), finishScript].join('\n'))
  .digest('hex')
  .slice(0, 8);
