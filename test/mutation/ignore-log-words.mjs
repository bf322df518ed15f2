import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** The words of a log line are for reading: no test needs to hold them to the letter. Its facts are judged. */
export const strykerPlugins = [
	declareValuePlugin(PluginKind.Ignore, "log-words", {
		shouldIgnore(path) {
			const call = path.parentPath;
			return path.isStringLiteral() && call?.isCallExpression() && /\blog\./u.test(String(call.get("callee")))
				? "the words of a log line"
				: undefined;
		},
	}),
];
