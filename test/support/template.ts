import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { retentionApp } from '#infra/retention-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a template holds is for each test to know
export type Json = any;

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Json;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
}

/** The stack's template as CloudFormation gets it. */
export interface Template {
  readonly text: string;
  readonly outputs: Readonly<Record<string, Json>>;
  /** Of every resource. */
  readonly types: readonly string[];
  /** Every resource of a type. */
  all(type: string): readonly Resource[];
  /** The only resource of a type whose id begins with this. */
  one(type: string, idStart: string): Resource;
}

const fromProject = (path: string) => join(import.meta.dirname, '../..', path);

/** Settings of a stage as cdk.json would hold them. */
export type StageSettings = Readonly<Record<string, unknown>>;

/** Synthesizes the stack in this process, without bundling, through the same checks as `cdk synth`. */
export function synthesizeTemplate(settings: StageSettings = {}): Template {
  return toTemplate(synthesize(settings, { 'aws:cdk:bundling-stacks': [] }).template);
}

/** The same with bundling; the folder of each function's asset, by the function's id. */
export function synthesizeBundles(settings: StageSettings = {}): ReadonlyMap<string, string> {
  const { template, directory } = synthesize(settings, {});
  const functions = toTemplate(template).all('AWS::Lambda::Function');
  return new Map(
    functions.map(({ id }) => [id, join(directory, template.Resources[id].Metadata['aws:asset:path'])]),
  );
}

function synthesize(
  settings: StageSettings,
  more: object,
): { readonly template: Json; readonly directory: string } {
  const { context } = JSON.parse(readFileSync(fromProject('cdk.json'), 'utf8'));
  const app = retentionApp({
    outdir: mkdtempSync(join(tmpdir(), 'retention-synth-')),
    context: {
      ...context,
      stage: 'test',
      stages: { test: { policyFile: 'retention.example.yaml', ...settings } },
      'aws:cdk:enable-asset-metadata': true,
      ...more,
    },
  });
  const assembly = app.synth();
  return {
    template: assembly.getStackByName('IntercomRetention-test').template,
    directory: assembly.directory,
  };
}

function toTemplate(template: Json): Template {
  const resources: Resource[] = Object.entries<Json>(template.Resources).map(([id, resource]) => ({
    id,
    type: resource.Type,
    properties: resource.Properties ?? {},
    deletionPolicy: resource.DeletionPolicy,
    updateReplacePolicy: resource.UpdateReplacePolicy,
  }));
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    text: JSON.stringify(template),
    outputs: template.Outputs,
    types: resources.map(({ type }) => type),
    all,
    one(type, idStart) {
      const found = all(type).filter(({ id }) => id.startsWith(idStart));
      if (found.length === 1) return found[0]!;
      throw new Error(`There are ${found.length} resources of the type ${type} that begin with ${idStart}.`);
    },
  };
}

export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  /** As JSON texts. */
  readonly resources: readonly string[];
}

const list = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

/** All that a role may do. */
export function statementsOf(template: Template, roleId: string): readonly Statement[] {
  const attached = template
    .all('AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.some((role: Json) => role.Ref === roleId))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement as Json[]);
  const inline = (template.one('AWS::IAM::Role', roleId).properties.Policies ?? []).flatMap(
    ({ PolicyDocument }: Json) => PolicyDocument.Statement,
  );
  return [...attached, ...inline].map((statement) => ({
    effect: statement.Effect,
    actions: list(statement.Action),
    resources: list(statement.Resource).map((resource) => JSON.stringify(resource)),
  }));
}

/** The id of a function's role. */
export const roleOf = (lambda: Resource): string => lambda.properties.Role['Fn::GetAtt'][0];
