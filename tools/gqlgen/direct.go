package main

import (
	_ "embed"
	"fmt"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

// directExecutor is a plugin of gqlgen's generator that writes the direct executor beside gqlgen's own: see graph/direct.
type directExecutor struct{}

// Name names the plugin.
func (directExecutor) Name() string { return "direct" }

//go:embed direct.gotpl
var directTemplate string

// GenerateCode writes direct.go, or says what of the contract the direct executor does not know how to answer.
func (directExecutor) GenerateCode(data *codegen.Data) error {
	d, err := directOf(data)
	if err != nil {
		return err
	}
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(filepath.Dir(data.Config.Exec.Filename), "direct.go"),
		Template:        directTemplate,
		Data:            d,
		Funcs:           map[string]any{"call": templates.Call, "appender": appender},
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

// direct is what the template writes out: the objects and interfaces that an answer may hold, and how each type of value is
// written.
type direct struct {
	Objects    codegen.Objects
	Interfaces []*codegen.Interface
	Values     []value
}

// value is a type of value in Go, as the contract shows it.
type value struct{ *config.TypeReference }

// Writer names the function that writes such values.
func (v value) Writer() string { return "write" + v.UniquenessKey() }

// Item returns what a pointer or a list is of.
func (v value) Item() value { return value{v.Elem()} }

// IsObject tells whether the value is an object in a Go struct.
func (v value) IsObject() bool {
	return v.Definition.Kind == ast.Object && !v.IsSlice() && !v.IsPtrToSlice()
}

// Places tells whether something in the value may go wrong at a place of its own, so that a list says where it stands.
func (v value) Places() bool {
	return v.IsSlice() || !v.Definition.IsLeafType() || v.IsNilable() && v.GQL.NonNull || v.IsContext
}

// Argument is what the Marshal function of the value takes.
func (v value) Argument() string {
	argument := "v"
	switch {
	case v.IsTargetNilable() && !v.IsNilable():
		argument = "&v"
	case !v.IsTargetNilable() && v.IsNilable():
		argument = "*v"
	}
	if v.CastType != nil {
		argument = templates.CurrentImports.LookupType(v.CastType) + "(" + argument + ")"
	}
	return argument
}

// appender returns the function that appends a value to bytes, where one stands beside the Marshal function: AppendX beside
// MarshalX; empty where there is none.
func appender(marshal *types.Func) string {
	name, ok := strings.CutPrefix(marshal.Name(), "Marshal")
	if !ok {
		return ""
	}
	found, ok := marshal.Pkg().Scope().Lookup("Append" + name).(*types.Func)
	if !ok {
		return ""
	}
	return templates.Call(found)
}

// directOf finds everything that an answer to a query or a mutation may hold.
func directOf(data *codegen.Data) (direct, error) {
	values := map[string]value{}
	var d direct
	for _, object := range data.Objects {
		if object.IsReserved() || object.Stream {
			continue
		}
		answered := *object
		answered.Fields = slices.DeleteFunc(slices.Clone(object.Fields), (*codegen.Field).IsReserved)
		d.Objects = append(d.Objects, &answered)
		for _, field := range answered.Fields {
			if err := known(object, field); err != nil {
				return d, fmt.Errorf("%s.%s: %w", object.Name, field.Name, err)
			}
			if err := addValue(values, value{field.TypeReference}); err != nil {
				return d, fmt.Errorf("%s.%s: %w", object.Name, field.Name, err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		d.Values = append(d.Values, values[name])
	}
	for _, name := range slices.Sorted(maps.Keys(data.Interfaces)) {
		d.Interfaces = append(d.Interfaces, data.Interfaces[name])
	}
	return d, nil
}

// addValue adds a type of value, and those within it.
func addValue(values map[string]value, v value) error {
	if _, ok := values[v.Writer()]; ok {
		return nil
	}
	switch {
	case v.IsPtrToPtr(), v.IsMarshaler, v.HasEnumValues(), v.IsRoot, v.IsMap():
		return fmt.Errorf("the direct executor can't write a %s", v.GO)
	}
	values[v.Writer()] = v
	if v.IsSlice() || v.IsPtrToSlice() || v.IsPtrToIntf() {
		return addValue(values, v.Item())
	}
	return nil
}

// known returns an error where a field is got in a way that the direct executor does not go.
func known(object *codegen.Object, field *codegen.Field) error {
	switch {
	case field.IsBatch(), field.IsMap(), field.HasHaser, field.VOkFunc, field.HasDirectives():
		return fmt.Errorf("the direct executor does not know this kind of binding")
	case object.DisableConcurrency && field.TypeReference.GQL.NonNull:
		return fmt.Errorf("the failure of a mutation that is never null would stop those behind it")
	}
	return nil
}
