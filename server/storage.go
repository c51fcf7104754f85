package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"headwater/files"
	"headwater/logic/content"
)

// storageFlags say where uploaded files are kept.
type storageFlags struct {
	S3            files.Settings `embed:"" prefix:"s3-"`
	SecretKeyFile string         `name:"s3-secret-key-file" help:"The file that holds the secret of the access key, which may as well stand in the variable HEADWATER_S3_SECRET_KEY." placeholder:"FILE"`
}

// secretKey names the variable that may hold the secret of the access key. No flag does, since every user of a machine sees those.
const secretKey = "HEADWATER_S3_SECRET_KEY"

// mediaFolder is where files are kept, in the data folder.
const mediaFolder = "media"

// open returns what keeps files: a folder of the data folder, or the bucket that the flags name.
func (f storageFlags) open(data string) (content.Files, error) {
	settings := f.S3
	if settings.Bucket == "" {
		if settings != (files.Settings{}) || f.SecretKeyFile != "" {
			return nil, usageError{errors.New("--s3-bucket is missing, without which nothing is kept by an S3 server")}
		}
		return files.OpenFolder(filepath.Join(data, mediaFolder))
	}
	settings.SecretKey = os.Getenv(secretKey)
	if f.SecretKeyFile != "" {
		text, err := os.ReadFile(f.SecretKeyFile)
		if err != nil {
			return nil, fmt.Errorf("--s3-secret-key-file: %w", err)
		}
		settings.SecretKey = strings.TrimRight(string(text), "\r\n")
	}
	if settings.AccessKey == "" || settings.SecretKey == "" {
		return nil, usageError{fmt.Errorf("--s3-bucket needs --s3-access-key, and its secret in --s3-secret-key-file or %s", secretKey)}
	}
	s3, err := files.NewS3(settings)
	if err != nil {
		return nil, usageError{fmt.Errorf("--s3-endpoint: %w", err)}
	}
	return s3, nil
}

// checkStorage returns an error where files can't be kept, as far as that can be seen without keeping one.
func checkStorage(ctx context.Context, kept content.Files) error {
	if s3, ok := kept.(*files.S3); ok {
		return s3.Check(ctx)
	}
	return nil
}
