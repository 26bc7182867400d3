// A demo of the built program: started, killed, stopped, and looked after.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "./waiting.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const PROGRAM = process.env.TRUNKLINE ?? join(ROOT, "target/debug/trunkline");
const STARTED_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 60_000;
const LINES_KEPT_MAX = 200;

/** A new directory below `target`, for the data of demos. */
export function newDirectory() {
  return mkdtempSync(join(ROOT, "target/browser-"));
}

export class Demo {
  #process;
  /** The last lines that it wrote to its error stream. */
  #complaints = [];

  /** Starts one and reads where it is from what it prints. `port` 0 is any. */
  static async start({ directory, port = 0, speed, clients }) {
    const demo = new Demo();
    const options = { "--dir": directory, "--port": port, "--speed": speed, "--clients": clients };
    const words = Object.entries(options).flatMap(([name, value]) => [name, String(value)]);
    demo.directory = directory;
    demo.#process = spawn(PROGRAM, ["demo", ...words], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    createInterface({ input: demo.#process.stderr }).on("line", (line) => {
      demo.#complaints.push(line);
      demo.#complaints.splice(0, demo.#complaints.length - LINES_KEPT_MAX);
    });
    // Whoever started it may be told to end before it could stop it.
    process.once("exit", () => demo.#process.kill("SIGKILL"));
    await demo.#read();
    return demo;
  }

  async #read() {
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), STARTED_WITHIN_MS);
    const said = {};
    const lines = createInterface({ input: this.#process.stdout });
    for await (const line of lines) {
      const [, name, value] = /^ {2}(Dashboard|Sign in|Provider|Database) +(\S+)/.exec(line) ?? [];
      if (name) said[name] = value;
      if (line.startsWith("Ctrl-C")) break;
    }
    clearTimeout(timer);
    if (!said.Dashboard) throw new Error(`the demo did not start:\n${this.complaints}`);
    this.#process.stdout.resume();
    this.address = said.Dashboard;
    this.link = said["Sign in"];
    this.journal = said.Provider;
    const socket = new URL(said.Database.replace("@/", "@localhost/")).searchParams.get("host");
    this.cluster = dirname(socket);
    this.postmaster = Number(readFileSync(join(this.cluster, "data/postmaster.pid"), "utf8").split("\n")[0]);
  }

  get complaints() {
    return this.#complaints.join("\n");
  }

  /** Gives somebody a place; the program asks for the password on its standard input. */
  async add({ email, name, password, place }) {
    const words = ["add", "--demo", this.directory, "user", email, "--name", name, ...place];
    await new Promise((resolve, reject) => {
      const adding = execFile(PROGRAM, words, { cwd: ROOT }, (error) => (error ? reject(error) : resolve()));
      adding.stdin.end(`${password}\n`);
    });
  }

  /** Dies as by a power cut. */
  async kill() {
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  /** Ends it as Ctrl-C does; its exit code. */
  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGINT");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), STOPPED_WITHIN_MS);
    const [code] = await gone;
    clearTimeout(timer);
    return code;
  }

  /** Waits until its database server is gone, and fails if that does not happen. */
  async isAloneWithin(milliseconds) {
    await eventually(() => !isAlive(this.postmaster), milliseconds, "the database server is gone");
  }

  /** Removes the data, also where it had to be moved. */
  remove() {
    for (const path of [this.cluster, this.directory]) rmSync(path, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
