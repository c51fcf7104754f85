// Command playground bundles the GraphQL playground that the program serves: GraphiQL with its explorer, our bar, our tabs and
// the language workers, from npm packages that package-lock.json pins.
//
//	npm ci          once, to have the packages
//	go run .        writes ../../web/playground/dist
//	go run . -check rebuilds beside it and names each file that differs
//
// The same sources give the same bytes in any folder and on any machine, so the result is committed and neither
// building nor running the program needs Node. It has a module of its own, so that the bundler stays out of the
// program's go.mod. The program's packages must not be imported here.
package main
