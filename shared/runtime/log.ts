// The log as an edge, in pino's form: fields first, then a sentence. Only edges log; inner functions throw or return.

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
