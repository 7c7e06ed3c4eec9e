import { join } from 'node:path';
import { variables } from '../../lib/config/environment.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { mergeOverrides } from '../aws/site-file.ts';
import type { Assembly } from './assembly.ts';
import { awsEnvironment } from './aws-environment.ts';
import { type Clients, openClients } from './clients.ts';
import { queueDepths } from './emulators/queue-depths.ts';
import { type Emulators, type Endpoints, startEmulators } from './emulators/start.ts';
import { type EventSourceMapping, Poller } from './events/poller.ts';
import { Schedule } from './events/schedule.ts';
import { Gateway } from './gateway.ts';
import { region } from './names.ts';
import type { Names } from './resolve.ts';
import { makeBuckets } from './resources/buckets.ts';
import { eventSourcesOf } from './resources/event-sources.ts';
import { functionWithUrl, hasFunctionUrl } from './resources/function-urls.ts';
import { functionsOf } from './resources/functions.ts';
import { gatewayEnvironment } from './resources/gateway-task.ts';
import { nameResources } from './resources/names.ts';
import { type Made, madeBy } from './resources/outputs.ts';
import { makeQueues, type QueueSpec, queuesOf } from './resources/queues.ts';
import { schedulesOf } from './resources/schedules.ts';
import { sesOf } from './resources/ses.ts';
import { makeTables } from './resources/tables.ts';
import { makeTopics, subscriptionsOf } from './resources/topics.ts';
import { RuntimeApi } from './runtime/api.ts';
import { lambdaVariables, nodeOptions } from './runtime/function-environment.ts';
import { FunctionLog } from './runtime/function-log.ts';
import { FunctionPool } from './runtime/function-pool.ts';
import { type SesCompanion, type SesPlace, startSesStub } from './ses.ts';
import { type Relay, relaySettings, withSite } from './site-overrides.ts';
import { readTemplate, type Template } from './template.ts';
import { WebServer } from './web.ts';

/** How a stack is run. */
export interface StackSetting {
  readonly assembly: Assembly;
  /** Where its logs go. */
  readonly workDir: string;
  /** Where the gateway listens, as host:port; undefined: no gateway. */
  readonly lmtp: string | undefined;
  /** Where the web pages listen, as host:port. */
  readonly web: string;
  /** Where mail is delivered to: by the functions, or by the stub of Amazon SES when the template has it. */
  readonly relay: Relay;
  /** More site settings that are known only now. */
  readonly site?: SiteOverrides;
  /** More environment variables for the functions. */
  readonly functionEnv?: Readonly<Record<string, string>>;
  /** More environment variables for the gateway. */
  readonly gatewayEnv?: Readonly<Record<string, string>>;
  /** One invocation at a time for each queue, one message in each. The template says otherwise; crash sweeps count calls. */
  readonly oneByOne?: boolean;
  /** See {@link Poller}. */
  readonly redeliverAtOnce?: boolean;
  /** Is told each step, in a person's words. */
  readonly progress: (step: string) => void;
  /** Is told what goes wrong while the stack runs. */
  readonly warn: (problem: string) => void;
  /** Is told when the stack cannot go on. */
  readonly lost: (problem: string) => void;
}

/** How long invocations that run when the stack stops may still take. */
const graceMs = 5000;

/** How many people are answered at once; a page may wait for what comes of a wish. */
const pagesAtOnce = 4;

/** Everything that the template declares, running on this machine. */
export class Stack {
  readonly #setting: StackSetting;
  readonly #api = new RuntimeApi();
  readonly #logs: FunctionLog[] = [];
  readonly #pools = new Map<string, FunctionPool>();
  readonly #pollers: Poller[] = [];
  readonly #schedules: Schedule[] = [];
  readonly #emulators: Emulators;
  readonly #template: Template;
  readonly #names: Names;
  readonly #queues: readonly QueueSpec[];
  readonly #web: WebServer;
  readonly clients: Clients;
  readonly made: Made;
  #ses: SesCompanion | undefined;
  gateway: Gateway | undefined;

  private constructor(setting: StackSetting, emulators: Emulators, web: WebServer) {
    this.#setting = setting;
    this.#emulators = emulators;
    this.#web = web;
    this.clients = openClients(emulators.endpoints);
    this.#template = readTemplate(setting.assembly.templateDir);
    this.#names = nameResources(this.#template, emulators.endpoints.sqs, this.webUrl);
    this.#queues = queuesOf(this.#template, this.#names);
    this.made = madeBy(this.#template, this.#names);
  }

  /** Starts everything; when it returns, mail can come. What was started is stopped again when something fails. */
  static async start(setting: StackSetting): Promise<Stack> {
    setting.progress('starting the emulators of SQS, S3 and DynamoDB');
    const emulators = await startEmulators(setting.lost);
    const web = new WebServer();
    let stack: Stack | undefined;
    try {
      if (hasFunctionUrl(readTemplate(setting.assembly.templateDir))) await web.listen(setting.web);
      stack = new Stack(setting, emulators, web);
      await stack.#make();
      await stack.#run();
      return stack;
    } catch (error) {
      if (stack === undefined) await Promise.all([web.stop(), emulators.stop()]);
      else await stack.stop();
      throw error;
    }
  }

  get endpoints(): Endpoints {
    return this.#emulators.endpoints;
  }

  /** Where the web pages are, without a slash at the end; undefined when the site has none. */
  get webUrl(): string | undefined {
    return this.#web.address === '' ? undefined : `http://${this.#web.address}`;
  }

  /** The stub of Amazon SES; undefined when mail leaves by a relay. */
  get ses(): SesPlace | undefined {
    return this.#ses;
  }

  /** How many invocations of each function were begun. */
  get invokeCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#pools].map(([name, pool]) => [name, pool.invocations]));
  }

  /** The ids of the processes of each function. */
  get pids(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries([...this.#pools].map(([name, pool]) => [name, pool.pids]));
  }

  /** The pool of one function. */
  pool(name: string): FunctionPool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw new Error(`There is no function ${name}`);
    return pool;
  }

  /** What is on the queues and in the hands of the functions, in a person's words; empty when there is nothing. */
  async atWork(): Promise<readonly string[]> {
    const before = this.#invocations;
    const found: string[] = [];
    for (const [name, pool] of this.#pools) if (pool.busy > 0) found.push(`${name} runs`);
    if (this.#pollers.some(({ busy }) => busy > 0)) found.push('messages are in hand');
    for (const [name, depth] of await queueDepths(this.endpoints.sqs)) {
      if (depth > 0) found.push(`${depth} on ${name}`);
    }
    // A function that ran while the queues were counted may have filled one that was counted before.
    if (found.length === 0 && this.#invocations !== before) found.push('a function ran just now');
    return found;
  }

  /** Ends everything: nothing new is begun, what runs may end for a moment, then all processes are ended. */
  async stop(): Promise<void> {
    const { resolve, promise: late } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    for (const schedule of this.#schedules) schedule.stop();
    await this.#web.stop();
    await this.gateway?.stop();
    await Promise.race([Promise.all(this.#pollers.map((poller) => poller.stop())), late]);
    clearTimeout(timer);
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
    await this.#api.stop();
    for (const client of Object.values(this.clients)) client.destroy();
    await this.#ses?.stop();
    await this.#emulators.stop();
    await Promise.all(this.#logs.map((log) => log.close()));
  }

  get #invocations(): number {
    return [...this.#pools.values()].reduce((sum, { invocations }) => sum + invocations, 0);
  }

  async #make(): Promise<void> {
    this.#setting.progress('making queues, table and bucket');
    await Promise.all([
      makeQueues(this.clients.sqs, this.#queues),
      makeTables(this.clients.dynamo, this.#template, this.#names),
      makeBuckets(this.clients.s3, this.#template, this.#names),
    ]);
    const spec = sesOf(this.#template, this.#names);
    if (spec === undefined) return;
    this.#setting.progress('starting the stub of Amazon SES');
    await makeTopics(this.endpoints.sqs, subscriptionsOf(this.#template, this.#names));
    const { relay, lost } = this.#setting;
    this.#ses = await startSesStub(spec, { relay, lost, snsEndpoint: this.endpoints.sqs });
  }

  get #site(): SiteOverrides {
    return mergeOverrides(relaySettings(this.#setting.relay), this.#setting.site ?? {});
  }

  async #run(): Promise<void> {
    const sources = eventSourcesOf(this.#template, this.#names, this.#queues);
    this.#setting.progress('starting the functions and the gateway');
    await this.#api.start();
    await Promise.all([this.#startFunctions(sources), this.#startGateway()]);
    const asked = functionWithUrl(this.#template, this.#names);
    if (asked !== undefined) this.#web.serve((event) => this.pool(asked).invoke(event));
    for (const source of sources) this.#startPoller(source);
    for (const schedule of schedulesOf(this.#template, this.#names)) {
      const pool = this.pool(schedule.functionName);
      this.#schedules.push(
        new Schedule(schedule, { invoke: (event) => pool.invoke(event), warn: this.#setting.warn }),
      );
    }
  }

  #log(name: string): FunctionLog {
    const log = new FunctionLog(join(this.#setting.workDir, 'log'), name, this.#setting.warn);
    this.#logs.push(log);
    return log;
  }

  async #startFunctions(sources: readonly EventSourceMapping[]): Promise<void> {
    const { assembly, functionEnv, workDir, oneByOne } = this.#setting;
    const asked = functionWithUrl(this.#template, this.#names);
    const starts = functionsOf(this.#template, this.#names).map((spec) => {
      const own = sources.filter(({ functionName }) => functionName === spec.name);
      const limit =
        spec.name === asked
          ? pagesAtOnce
          : own.reduce((sum, { maximumConcurrency }) => sum + maximumConcurrency, 0);
      const pool = new FunctionPool({
        spec,
        limit: Math.max(1, oneByOne === true ? own.length : limit),
        environment: {
          ...awsEnvironment(this.endpoints, this.#ses?.endpoint),
          ...withSite(spec.environment, this.#site),
          ...lambdaVariables(spec, region),
          // On AWS it learns its URL from who asks, and that one begins with https.
          ...(spec.name === asked && this.webUrl !== undefined ? { [variables.webUrl]: this.webUrl } : {}),
          NODE_COMPILE_CACHE: join(workDir, 'compile-cache'),
          ...functionEnv,
          NODE_OPTIONS: nodeOptions(spec, functionEnv?.NODE_OPTIONS),
        },
        bootstrap: assembly.bootstrap,
        api: this.#api,
        log: this.#log(spec.name),
      });
      this.#pools.set(spec.name, pool);
      return pool.start();
    });
    await Promise.all(starts);
  }

  async #startGateway(): Promise<void> {
    const { assembly, gatewayEnv, lmtp } = this.#setting;
    if (lmtp === undefined) return;
    this.gateway = new Gateway({
      bundleDir: assembly.gatewayDir,
      // The health check is the load balancer's, and there is none here.
      environment: withSite(
        {
          ...awsEnvironment(this.endpoints, this.#ses?.endpoint),
          ...gatewayEnvironment(this.#template, this.#names),
          ...gatewayEnv,
        },
        mergeOverrides(this.#site, { gateway: { health_port: 0 } }),
      ),
      address: lmtp,
      log: this.#log('lmtp-gateway'),
    });
    await this.gateway.start();
  }

  #startPoller(source: EventSourceMapping): void {
    const { oneByOne, redeliverAtOnce, warn } = this.#setting;
    const mapping =
      oneByOne === true ? { ...source, batchSize: 1, windowMs: 0, maximumConcurrency: 1 } : source;
    const pool = this.pool(source.functionName);
    this.#pollers.push(
      new Poller(mapping, {
        sqs: this.clients.sqs,
        invoke: (event) => pool.invoke(event),
        warn,
        redeliverAtOnce: redeliverAtOnce === true,
      }),
    );
  }
}
