import { load } from "js-yaml";

/** What a job of a pipeline does once its dependencies are installed. */
export interface PipelineJob {
  readonly commands: readonly string[];
  /** What is run in addition when one of the commands has failed. */
  readonly notice?: string;
}

const install = "npm ci";

/** The jobs of a workflow for GitHub Actions. */
export function workflowJobs(text: string): Record<string, PipelineJob> {
  type Step = { readonly run?: string; readonly if?: string };
  const { jobs } = load(text) as { jobs: Record<string, { steps: readonly Step[] }> };
  return mapJobs(Object.entries(jobs), ({ steps }) => {
    const runs = steps.filter((step): step is Step & { run: string } => step.run !== undefined);
    const commands = runs.filter((step) => step.if === undefined && step.run !== install).map(({ run }) => run);
    const notice = runs.find((step) => step.if === "failure()")?.run;
    return { commands, ...(notice !== undefined && { notice }) };
  });
}

/** The jobs of a pipeline for GitLab. What follows a failure is the end of an `after_script`, which is run either way. */
export function gitlabJobs(text: string): Record<string, PipelineJob> {
  type Job = { readonly script?: readonly string[]; readonly after_script?: readonly [string] };
  const jobs = Object.entries(load(text) as Record<string, Job>).filter(([, { script }]) => script !== undefined);
  return mapJobs(jobs, ({ script: commands = [], after_script: [after] = [undefined] }) => {
    const [condition, notice] = after?.split(" || ") ?? [];
    if (after !== undefined && condition !== 'test "$CI_JOB_STATUS" = success') throw new Error(`unknown: ${after}`);
    return { commands, ...(notice !== undefined && { notice }) };
  });
}

function mapJobs<T>(
  jobs: readonly (readonly [string, T])[],
  read: (job: T) => PipelineJob,
): Record<string, PipelineJob> {
  return Object.fromEntries(jobs.map(([name, job]) => [name, read(job)]));
}
