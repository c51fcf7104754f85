package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// distribution is where the bundle goes, seen from this folder.
const distribution = "../../web/playground/dist"

func main() {
	check := flag.Bool("check", false, "change nothing; exit with 1 when the committed bundle is not what the sources give")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "playground:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := checkPackages(root); err != nil {
		return err
	}
	tabs, err := readTabs(filepath.Join(root, "queries"))
	if err != nil {
		return err
	}
	files, err := bundle(root, tabs)
	if err != nil {
		return err
	}
	packed, err := pack(files, tabs)
	if err != nil {
		return err
	}
	if check {
		return compare(distribution, packed)
	}
	if err := write(distribution, packed); err != nil {
		return err
	}
	fmt.Println(summary(files, packed))
	return nil
}
