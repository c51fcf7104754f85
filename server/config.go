package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// presetsAreDefaults makes what a flag's value is before anything is parsed its default, so that defaults stand where the
// values are used.
func presetsAreDefaults(k *kong.Kong) error {
	for _, flag := range allFlags(k.Model) {
		if !flag.HasDefault && flag.Target.IsValid() && !flag.Target.IsZero() {
			flag.Default, flag.HasDefault = fmt.Sprint(flag.Target.Interface()), true
		}
	}
	return nil
}

// variablesByFlag names the variable of each setting as its flag is written: --s3-bucket is HEADWATER_S3_BUCKET, where kong parts
// letters from digits.
func variablesByFlag(k *kong.Kong) error {
	for _, flag := range allFlags(k.Model) {
		if len(flag.Envs) > 0 {
			name := "HEADWATER_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
			flag.Envs, flag.Tag.Envs = []string{name}, []string{name}
		}
	}
	return nil
}

func allFlags(app *kong.Application) []*kong.Flag {
	flags := slices.Clone(app.Flags)
	nodes := app.Children
	for len(nodes) > 0 {
		node := nodes[0]
		flags = append(flags, node.Flags...)
		nodes = append(nodes[1:], node.Children...)
	}
	return flags
}

// isSetting tells whether a flag may be set by the environment and the config file. What is only good for one run, as a new
// title of the site, may not.
func isSetting(flag *kong.Flag) bool { return len(flag.Envs) > 0 && flag.Name != "config" }

// configFile takes settings from the JSON file that --config or HEADWATER_CONFIG names. It stands behind flags and variables.
type configFile struct {
	read   bool
	values map[string]any
	err    error // what is wrong with the file; kong would tell it of the flag that happens to be resolved first
}

// Validate is called before any file is known; what is wrong with one stands in err.
func (f *configFile) Validate(*kong.Application) error { return nil }

// Resolve returns the file's value of a flag, nil where it has none.
func (f *configFile) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !isSetting(flag) {
		return nil, nil
	}
	if !f.read {
		f.read = true
		f.values, f.err = readConfig(ctx.Model, configPath(ctx))
	}
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return f.values[flag.Name], nil
}

func configPath(ctx *kong.Context) string {
	for _, flag := range ctx.Model.Flags {
		if flag.Name != "config" {
			continue
		}
		if path, ok := ctx.FlagValue(flag).(string); ok && path != "" {
			return path
		}
	}
	return os.Getenv("HEADWATER_CONFIG")
}

// readConfig reads the settings of a file, and refuses those that there are not.
func readConfig(app *kong.Application, path string) (map[string]any, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return nil, fmt.Errorf("%s is not a JSON object: %w", path, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s: there is something behind the JSON object", path)
	}
	known := map[string]bool{}
	for _, flag := range allFlags(app) {
		known[flag.Name] = known[flag.Name] || isSetting(flag)
	}
	var unknown []string
	for name, value := range values {
		if !known[name] {
			unknown = append(unknown, name)
		}
		if number, ok := value.(json.Number); ok {
			values[name] = number.String()
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return nil, fmt.Errorf("%s: there is no setting named %s", path, strings.Join(unknown, ", "))
	}
	return values, nil
}
