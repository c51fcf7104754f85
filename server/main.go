// Package main is the command line: flags into one struct, build, run, wait, close.
//
// Rules stand in logic, SQL in store, HTTP in httpd; configuration is read here and nowhere else.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"headwater/logic"
)

// version is set when the program is built: -ldflags '-X main.version=v1.2.3'.
var version = "dev"

// Exit codes.
const (
	exitFailed = 1 // the run itself failed
	exitUsage  = 2 // what was asked for makes no sense
)

// program is the whole command line.
type program struct {
	Settings
	ShowVersion kong.VersionFlag `name:"version" help:"Show which version this is." env:"-"`

	Serve   ServeCmd   `cmd:"" help:"Serve the endpoint, the playground and the front page."`
	Import  ImportCmd  `cmd:"" help:"Take posts from Markdown, Ghost or WordPress, views from access logs, or all that export wrote."`
	Export  ExportCmd  `cmd:"" help:"Write everything but secrets into a folder of plain files."`
	Site    SiteCmd    `cmd:"" help:"Show what all frontends say alike, or change it."`
	User    UserCmd    `cmd:"" help:"People: make accounts, give roles and passwords."`
	Client  ClientCmd  `cmd:"" help:"Frontends: let them in, and bound what they may do."`
	Key     KeyCmd     `cmd:"" help:"The keys by which frontends ask."`
	Webhook WebhookCmd `cmd:"" help:"Addresses that are told of what becomes of posts."`
	Version VersionCmd `cmd:"" help:"Show which version this is."`
}

const description = `One source, many frontends: posts, their authors and their readers, served at one GraphQL endpoint from one file.

Every flag that names a variable can be set there, or in a JSON file given by --config, which holds the same names: {"listen": ":80"}. A flag wins over its variable, and that over the file.`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// untilSignal returns a context that ends with the first signal, which asks for a clean stop. A second one ends the process
// at once.
func untilSignal() (context.Context, context.CancelFunc) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	finished := make(chan struct{})
	go func() {
		for count := 0; ; count++ {
			select {
			case <-signals:
				if count > 0 {
					os.Exit(exitFailed)
				}
				cancel()
			case <-finished:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(finished)
		cancel()
	}
}

// run carries out a command line and returns its exit code.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := untilSignal()
	defer stop()
	ctx = logic.WithViewer(ctx, logic.Operator()) // whoever holds the data may do everything with it

	program := program{Serve: defaultServe()}
	file := &configFile{}
	parser, err := kong.New(&program,
		kong.Name("headwater"), kong.Description(description), kong.Writers(stdout, stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"version": "headwater " + version}, kong.PostBuild(presetsAreDefaults), kong.DefaultEnvars("HEADWATER"), kong.PostBuild(variablesByFlag),
		kong.Resolvers(file),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(stdout, (*io.Writer)(nil)), kong.Bind(notices{stderr}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "headwater:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if err = cmp.Or(file.err, err); err != nil {
		fmt.Fprintf(stderr, "headwater: %s\nRun headwater --help to see what can be asked.\n", withoutValue(err))
		return exitUsage
	}
	err = command.Run(&program.Settings)
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "headwater:", err)
	var coded kong.ExitCoder
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return exitFailed
}

// valueOfSwitch is what stands in an error for the value of a flag that takes yes or no.
var valueOfSwitch = regexp.MustCompile(`(bool value must be .*?) but got "(?:[^"\\]|\\.)*"`)

// withoutValue tells what is wrong with a command line, without an argument that stands where none belongs: it may be a password.
func withoutValue(err error) string {
	parse, ok := errors.AsType[*kong.ParseError](err)
	if ok && strings.HasPrefix(err.Error(), "unexpected ") && parse.Context.Selected() != nil {
		return "unexpected argument: it is written " + parse.Context.Selected().Summary()
	}
	return valueOfSwitch.ReplaceAllString(err.Error(), "$1")
}

// usageError is an error in what was asked for.
type usageError struct{ error }

// Unwrap returns what was wrong.
func (e usageError) Unwrap() error { return e.error }

// ExitCode tells that the program was asked wrongly.
func (e usageError) ExitCode() int { return exitUsage }

// VersionCmd shows the program's version.
type VersionCmd struct{}

// Run prints the version.
func (VersionCmd) Run(stdout io.Writer) error {
	_, err := fmt.Fprintln(stdout, "headwater", version)
	return err
}
