export const s3Directory: string;
export const s3Binaries: string;
