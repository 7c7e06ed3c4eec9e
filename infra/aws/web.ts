import { CfnOutput } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import { nameInTemplate } from './logical-id.ts';
import { mailFunction } from './mail-function.ts';
import { type FunctionName, logicalIds, outputs } from './names.ts';
import type { House } from './policies.ts';

/** What the web pages are made with. */
export interface WebPagesProps {
  readonly site: Site;
  readonly house: House;
  readonly bell: Bell;
}

/**
 * The web pages behind the links in our mails: a function with a URL of its own. The URL asks nobody to log in, since who comes has a mail and no account of
 * AWS: what the function does depends on the token in the path alone, which Belfry signed (docs/decisions/0029-web-links.md).
 */
export class WebPages extends Construct {
  readonly name: FunctionName = 'web';
  readonly function: LambdaFunction;
  readonly logs: LogGroup;
  /** With a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { site, house, bell }: WebPagesProps) {
    super(scope, id);
    const made = mailFunction(this, { name: this.name, timeout: site.functions.timeout, site, house });
    this.function = made.function;
    this.logs = made.logs;
    const functionUrl = made.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    nameInTemplate(functionUrl, logicalIds.webUrl);
    this.url = functionUrl.url;
    new CfnOutput(this, 'Url', {
      value: site.web.url === '' ? this.url : site.web.url,
      description: 'Where the web pages are that mails link to.',
    }).overrideLogicalId(outputs.webUrl);
    // The function answers 503 itself when something fails, which is no error of the function; Lambda adds 5xx of its own
    // (https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html).
    bell.hang(this, {
      name: `${logicalIds.function(this.name)}Fails`,
      says: 'The web pages answer that something did not work. Who pressed a button may have to press it again; mail goes on.',
      section: 'web-pages-fail',
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Url5xxCount',
        dimensionsMap: { FunctionName: made.function.functionName },
        statistic: Stats.SUM,
        period: alarmPeriod,
      }),
      threshold: 0,
      periods: 2,
    });
  }
}
