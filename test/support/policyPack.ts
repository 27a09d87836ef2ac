import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { root } from "./paths";

/** A resource as the engine shows it to a policy pack. */
export interface Shown {
  readonly type: string;
  readonly name: string;
  /** Inputs, or for rules about the stack outputs. */
  readonly props: Readonly<Record<string, unknown>>;
}

/** What a rule has reported: the rule's name, and what it says. */
export interface Report {
  readonly rule: string;
  readonly message: string;
}

/** A policy pack in a process of its own, asked over gRPC as the Pulumi CLI asks it. */
export class PolicyPackProcess {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  /** Starts a pack that is written in CommonJS. */
  static async start(script: string): Promise<PolicyPackProcess> {
    const folder = mkdtempSync(join(tmpdir(), "vpp-pack-"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "pack", version: "1.0.0" }));
    writeFileSync(join(folder, "index.js"), script);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const child = spawn(process.execPath, ["index.js"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: child.stdout })) {
      const client = new AnalyzerClient(`127.0.0.1:${Number(line)}`, credentials.createInsecure());
      return new PolicyPackProcess(folder, child, client);
    }
    throw new Error("The policy pack has ended before it told its port.");
  }

  /** What the rules about single resources say of one. */
  analyze({ type, name, props }: Shown): Promise<Report[]> {
    const request = new analyzer.AnalyzeRequest();
    request.setType(type);
    request.setName(name);
    request.setUrn(urnOf(type, name));
    request.setProperties(structOf(props));
    request.setOptions(new analyzer.AnalyzerResourceOptions());
    return this.ask((answer) => this.client.analyze(request, answer));
  }

  /** What the rules about the stack say. */
  analyzeStack(resources: readonly Shown[]): Promise<Report[]> {
    const request = new analyzer.AnalyzeStackRequest();
    for (const { type, name, props } of resources) {
      const resource = new analyzer.AnalyzerResource();
      resource.setType(type);
      resource.setName(name);
      resource.setUrn(urnOf(type, name));
      resource.setProperties(structOf(props));
      resource.setOptions(new analyzer.AnalyzerResourceOptions());
      request.addResources(resource);
    }
    return this.ask((answer) => this.client.analyzeStack(request, answer));
  }

  close(): void {
    this.client.close();
    this.child.kill();
    rmSync(this.folder, { recursive: true });
  }

  private ask(send: (answer: (error: Error | null, response: analyzer.AnalyzeResponse) => void) => unknown) {
    return new Promise<Report[]>((resolve, reject) => {
      send((error, response) => {
        if (error !== null) return reject(error);
        const reports = response.getDiagnosticsList().map((diagnostic) => {
          const [, message = diagnostic.getMessage()] = diagnostic.getMessage().split("\n");
          return { rule: diagnostic.getPolicyname(), message };
        });
        resolve(reports);
      });
    });
  }
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::trial::${type}::${name}`;
}

/** Pulumi's messages bring a copy of the library of their own, which takes no other's. */
function structOf(props: Shown["props"]): ReturnType<analyzer.AnalyzeRequest["getProperties"]> {
  return Struct.fromJavaScript(props as Parameters<typeof Struct.fromJavaScript>[0]);
}
