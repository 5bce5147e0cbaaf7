import type { IsWhole } from './denials.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';
import type { PolicyFindings } from './policy-findings.ts';
import { takesIn } from './policy-names.ts';
import { accountOf } from './who-may.ts';

interface Needed {
  readonly action: string;
  /** By ARN; it sends nothing over plain HTTP. */
  readonly role: string;
  /** What comes of it when the role may not. */
  readonly harm: string;
  readonly isWhole: IsWhole;
}

/** The denials that keep a role from what it has to do, and those of which that cannot be ruled out. */
export function roleKeptOut({ statements }: PolicyDocument, needed: Needed): PolicyFindings {
  const { action, role, harm } = needed;
  const denials = statements.filter(
    (statement) =>
      statement.effect === 'Deny' &&
      takesIn(statement.actions, action) &&
      !isSpared(statement, role) &&
      !isAboutOthers(statement, role),
  );
  const isSure = (denial: Statement) => isMeantFor(denial, needed);
  return {
    wrong: denials
      .filter(isSure)
      .map(({ name }) => `${name} denies ${action} to ${role}, so ${harm}: take that out of it`),
    unclear: denials
      .filter((denial) => !isSure(denial))
      .map(({ name }) => `${name} denies ${action} to somebody, perhaps to ${role}`),
  };
}

const isSpared = ({ principals, condition }: Statement, role: string): boolean =>
  condition.kind === 'plain_http' ||
  (condition.kind === 'all_but' && condition.arns.includes(role)) ||
  (principals.kind === 'all_but' && principals.names.includes(role));

/** A session or a unique id may be the role's under another name. */
const isAboutOthers = ({ principals }: Statement, role: string): boolean =>
  principals.kind === 'these' &&
  principals.names.every((name) => {
    if (name === '*' || name === role) return false;
    const account = accountOf(name);
    if (account !== undefined) return account !== role.split(':')[4];
    return /^arn:[^:]+:iam::\d{12}:(role|user)\//.test(name) || name.endsWith('.amazonaws.com');
  });

const isMeantFor = ({ principals, condition, resources }: Statement, { role, isWhole }: Needed): boolean =>
  principals.kind === 'these' &&
  (principals.names.includes('*') || principals.names.includes(role)) &&
  (condition.kind === 'none' || condition.kind === 'all_but') &&
  resources.kind === 'these' &&
  resources.names.some((resource) => resource === '*' || isWhole(resource));
