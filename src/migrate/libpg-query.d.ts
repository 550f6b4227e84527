/** The package's own module of PostgreSQL's parser, compiled by Emscripten; only what is used of it. */
declare module 'libpg-query/wasm/libpg-query.js' {
  interface ParserModule {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(query: number): number;
    _wasm_parse_plpgsql(query: number): number;
    _wasm_free_string(text: number): void;
    _wasm_free_parse_result(result: number): void;
    getValue(pointer: number, type: 'i32'): number;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, bytes: number): void;
    UTF8ToString(pointer: number): string;
  }
  interface Options {
    /** Makes an instance of libpg-query.wasm with these imports; without it the package looks for the file itself. */
    readonly instantiateWasm: (imports: object, receive: (instance: object) => void) => void;
  }
  const start: (options: Options) => Promise<ParserModule>;
  export default start;
}
