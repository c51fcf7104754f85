package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"headwater/logic"
)

// Settings say where files are kept that are kept by a server which speaks S3.
type Settings struct {
	Endpoint  string `help:"Where the S3 server is." placeholder:"https://…"`
	Bucket    string `help:"Keep uploaded files in this bucket of an S3 server, instead of in the data folder." placeholder:"NAME"`
	Region    string `help:"The bucket's region, where the server has several." placeholder:"NAME"`
	Prefix    string `help:"What the names of all objects begin with, as blog/." placeholder:"TEXT"`
	AccessKey string `help:"Who asks." placeholder:"KEY"`
	// SecretKey proves it.
	SecretKey string `kong:"-"`
}

// S3 keeps files as objects in a bucket.
type S3 struct {
	client                   *minio.Client
	endpoint, bucket, prefix string
}

// NewS3 returns the S3 that settings name, which it does not ask for anything yet.
func NewS3(settings Settings) (*S3, error) {
	endpoint, err := url.Parse(settings.Endpoint)
	if err != nil || endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.Host == "" || endpoint.Path != "" && endpoint.Path != "/" {
		return nil, fmt.Errorf("the address of an S3 server is written https://s3.example.org, not %q", settings.Endpoint)
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(settings.AccessKey, settings.SecretKey, ""),
		Secure: endpoint.Scheme == "https",
		Region: settings.Region,
	})
	if err != nil {
		return nil, err
	}
	return &S3{client, endpoint.Host, settings.Bucket, settings.Prefix}, nil
}

// Check returns an error where there is no such bucket, or none for whoever asks.
func (s *S3) Check(ctx context.Context) error {
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("the bucket %s of %s: %w", s.bucket, s.endpoint, err)
	}
	if !there {
		return fmt.Errorf("%s has no bucket %s, or does not show it to this key", s.endpoint, s.bucket)
	}
	return nil
}

// Put keeps all of content, of size bytes, under name. It is sent in one piece, which the server keeps whole or not at all.
func (s *S3) Put(ctx context.Context, name string, content io.Reader, size int64) error {
	options := minio.PutObjectOptions{DisableMultipart: true, ContentType: "application/octet-stream"}
	_, err := s.client.PutObject(ctx, s.bucket, s.prefix+name, content, size, options)
	return err
}

// Open returns NOT_FOUND where nothing has the name. What is read is asked for as it is read, until ctx ends.
func (s *S3) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	object, err := s.client.GetObject(ctx, s.bucket, s.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := object.Stat(); err != nil {
		return nil, errors.Join(orNotFound(err), object.Close())
	}
	return object, nil
}

// Delete does nothing where nothing has the name.
func (s *S3) Delete(ctx context.Context, name string) error {
	return s.client.RemoveObject(ctx, s.bucket, s.prefix+name, minio.RemoveObjectOptions{})
}

// orNotFound returns NOT_FOUND where a server says so.
func orNotFound(err error) error {
	if said := minio.ToErrorResponse(err); said.StatusCode == http.StatusNotFound || said.Code == minio.NoSuchKey {
		return logic.NotFound("file")
	}
	return err
}
