import { z } from 'zod';

/*
 * What the lab reads of the Docker Engine's answers (API 1.41), with what other engines that speak the same leave out.
 */
const id = z.looseObject({ Id: z.string() });
const texts = z.record(z.string(), z.string()).nullish();
const list = z.array(z.string()).nullish();

const network = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string(),
  Internal: z.boolean().nullish(),
  Options: texts,
  Labels: texts,
  IPAM: z
    .looseObject({
      Config: z
        .array(z.looseObject({ Subnet: z.string().optional(), Gateway: z.string().optional() }))
        .nullish(),
    })
    .nullish(),
});

const listedContainer = z.looseObject({
  Id: z.string(),
  Names: z.array(z.string()),
  ImageID: z.string(),
  State: z.string(),
  Labels: texts,
  NetworkSettings: z.looseObject({
    Networks: z.record(z.string(), z.looseObject({ NetworkID: z.string(), IPAddress: z.string() })),
  }),
});

const container = z.looseObject({
  Config: z.looseObject({ Hostname: z.string(), Env: list, Labels: texts }),
  HostConfig: z.looseObject({
    Init: z.boolean().nullish(),
    RestartPolicy: z.looseObject({ Name: z.string() }).nullish(),
    CapAdd: list,
    CapDrop: list,
    SecurityOpt: list,
    ReadonlyRootfs: z.boolean().nullish(),
    Tmpfs: texts,
    Memory: z.number().nullish(),
    PidsLimit: z.number().nullish(),
    Dns: list,
    Sysctls: texts,
    ExtraHosts: list,
    LogConfig: z.looseObject({ Type: z.string(), Config: texts }).nullish(),
  }),
  State: z.looseObject({ Running: z.boolean(), ExitCode: z.number() }),
});

const image = z.looseObject({
  Id: z.string(),
  Config: z.looseObject({ Env: list, Labels: texts }).nullish(),
  RepoTags: list,
});

const object = z.record(z.string(), z.unknown());

/** Shapes by method and path; the first that fits counts. Of other answers nothing is expected. */
const shapes: readonly (readonly [method: string, path: RegExp, shape: z.ZodType])[] = [
  ['GET', /^\/networks$/, z.array(network)],
  ['GET', /^\/containers\/json$/, z.array(listedContainer)],
  ['GET', /^\/images\/json$/, z.array(id)],
  ['GET', /^\/containers\/[^/]+\/json$/, container],
  ['GET', /^\/images\/.+\/json$/, image],
  ['GET', /^\/exec\/[^/]+\/json$/, z.looseObject({ ExitCode: z.number().nullish() })],
  ['GET', /^\/(?:info|version)$/, object],
  ['POST', /^\/(?:networks|containers)\/create$/, id],
  ['POST', /^\/containers\/[^/]+\/exec$/, id],
];

/** Whether an answer has the shape that the lab relies on. `path` may have a version in front and a query behind. */
export function hasShape({ path = '', method = 'GET' }: { path?: string; method?: string }, answer: unknown) {
  const [resource = ''] = path.replace(/^\/v\d[\d.]*(?=\/)/, '').split('?');
  const found = shapes.find(([verb, pattern]) => verb === method && pattern.test(resource));
  return found === undefined || found[2].safeParse(answer).success;
}
