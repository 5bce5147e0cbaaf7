import type * as z from 'zod';
import { noMessage } from './policy-messages.ts';
import type { DocumentPath, PolicyProblem } from './policy-problem.ts';
import type { YamlText } from './yaml-text.ts';

type Issue = z.core.$ZodIssue;

/** The schema's issues as problems of the text that they stand in. */
export function schemaProblems(issues: readonly Issue[], yaml: YamlText): PolicyProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, toPath(issue.path), yaml));
}

function problemsOf(issue: Issue, path: DocumentPath, yaml: YamlText): PolicyProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n'); // one for each key, see `section`
    return issue.keys.map((key, index) =>
      yaml.problemAtKey([...path, key], messages[index] ?? issue.message),
    );
  }
  if (issue.message !== noMessage) return [yaml.problemAt(path, issue.message)];
  if (issue.code === 'invalid_union') {
    return likeliestBranch(issue.errors).flatMap((each) =>
      problemsOf(each, [...path, ...toPath(each.path)], yaml),
    );
  }
  const { text, type } = yaml.writtenAt(path);
  const message = `Expected text, but YAML reads ${text} as a ${type}; write it in quotes: "${text}".`;
  return [yaml.problemAt(path, message)];
}

/** The one whose shape (one value, list, map) is that of the value; without one, the first, which is the simplest. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  return branches.find((issues) => !issues.some(isOfAnotherShape)) ?? branches[0] ?? [];
}

function isOfAnotherShape(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isOfAnotherShape));
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** The values come from YAML, which has no symbols for keys. */
const toPath = (path: readonly PropertyKey[]): DocumentPath =>
  path.map((step) => (typeof step === 'number' ? step : String(step)));
