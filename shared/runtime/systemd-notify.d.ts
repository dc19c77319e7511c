// The npm package systemd-notify has no types of its own. It spawns the program of the same name and rejects with
// what that wrote, or with the error of the spawn.
declare module 'systemd-notify' {
  function notify(options: {
    ready?: boolean;
    status?: string;
    pid?: number;
    booted?: boolean;
  }): Promise<unknown>;
  export = notify;
}
