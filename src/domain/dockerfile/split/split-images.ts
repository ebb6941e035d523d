/**
 * The references that a suggestion may name, chosen by the caller from the catalog: supported lines, the latest LTS where there
 * is one, the smallest variant, no floating tags. Absent means: nothing suitable is known, so nothing is suggested.
 */
export type SplitImages = {
  /** Node.js on Alpine with npm, `node:26-alpine`; used for both stages, so that native modules fit. */
  readonly node?: string;
  /** Go on Alpine, `golang:1.27-alpine`. */
  readonly goBuild?: string;
  /** Runs a static program; holds certificates and time zones; has no shell: `gcr.io/distroless/static-debian13:nonroot`. */
  readonly goRuntime?: string;
  /** Python on Alpine, `python:3.14-alpine`; used for both stages, for a virtual environment names its interpreter. */
  readonly python?: string;
  /** Maven with a JDK on Alpine; also serves `./mvnw`. */
  readonly mavenBuild?: string;
  /** Gradle with a JDK on Alpine; also serves `./gradlew`. */
  readonly gradleBuild?: string;
  /** A JRE on Alpine, at least as new as the JDK of the builders. */
  readonly javaRuntime?: string;
  /** The .NET SDK on Alpine. */
  readonly dotnetBuild?: string;
  /** ASP.NET runtime of the same line, any distribution: `dotnet publish` output is portable. */
  readonly dotnetRuntime?: string;
};
