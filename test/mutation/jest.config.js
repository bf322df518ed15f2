import { typescript } from "../../jest.config.js";

/** Without what the other tests build first: a changed source may not compile, and is to be run all the same. */
export default { ...typescript, rootDir: "../..", testEnvironment: "<rootDir>/test/embedded-environment.js" };
