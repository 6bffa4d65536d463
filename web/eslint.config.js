import { URL } from "node:url";
import js from "@eslint/js"
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript"
import { importX } from "eslint-plugin-import-x"
import reactHooks from "eslint-plugin-react-hooks"
import { readdirSync } from "node:fs"
import tseslint from "typescript-eslint"

const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

const zones = [
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: "./src/features",
    except: [`./${name}`],
    message: "A feature never imports a feature. Compose them in src/routes, or move what both need to src/ui or src/api.",
  })),
  ...["ui", "api", "keymap", "talk"].map((name) => ({
    target: `./src/${name}`,
    from: ["./src/features", "./src/routes", "./src/shell"],
    message: `src/${name} stands below the features. Pass what it needs as an argument.`,
  })),
  { target: "./src/ui", from: "./src/api", message: "src/ui knows no server. Pass plain values." },
  { target: "./src/features", from: ["./src/routes", "./src/shell"], message: "Routes and the shell compose features, not the reverse." },
  { target: "./src/shell", from: ["./src/features", "./src/routes"], message: "The shell knows no feature. Shared server data is in src/api/shared.ts." },
]

export default tseslint.config(
  { ignores: ["dist", "src/routeTree.gen.ts", "src/api/generated", "node_modules"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  reactHooks.configs.flat.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-default-export": "error",
      "max-lines": ["error", 250],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-invalid-void-type": "off",
      "no-restricted-globals": ["error", { name: "alert", message: "Use a toast." }, { name: "confirm", message: "Do it, and offer undo." }],
      "no-console": "error",
    },
  },
  { files: ["src/features/**", "src/routes/**", "src/shell/**"], rules: { "no-restricted-syntax": ["error", { selector: "CallExpression[callee.name='fetch']", message: "Ask through src/api." }] } },
)
