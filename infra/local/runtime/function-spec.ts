/** A function as the template declares it. */
export interface FunctionSpec {
  /** The function's name, as it stands in the command line of its processes: `incoming`, `outgoing`, ... */
  readonly name: string;
  readonly arn: string;
  /** The folder of its bundle. */
  readonly dir: string;
  /** File and export, such as `index.handler`. */
  readonly handler: string;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
}
