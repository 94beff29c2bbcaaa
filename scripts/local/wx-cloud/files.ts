/** Files of `wx.cloud`: up and down by the addresses that the embedded cloud signs, as the real one does. */

import { api, orThrow } from './api.ts';
import { send, type Ask, type Wx } from './ask.ts';

interface Upload {
  url: string;
  authorization: string;
  fileId: string;
}

interface Address {
  fileID: string;
  code: string;
  tempFileURL: string;
}

type FileId = string | { fileID: string; maxAge?: number };

export function createFiles(wx: Wx, ask: Ask) {
  return {
    uploadFile: api('cloud.uploadFile', async (options: { cloudPath: string; filePath: string }) => {
      const { data } = orThrow(await ask('/wx/storage.getUploadMetadata', { path: options.cloudPath }));
      const { url, authorization, fileId } = data as Upload;
      const header = { authorization, 'content-type': 'application/octet-stream' };
      const bytes = await readFile(wx, options.filePath);
      const { statusCode } = await send(wx, { url, method: 'PUT', data: bytes, header });
      if (statusCode !== 200) throw new Error(`the storage answered ${statusCode}`);
      return { fileID: fileId, statusCode };
    }),
    downloadFile: api('cloud.downloadFile', async ({ fileID }: { fileID: string }) => {
      const [address] = await addressesOf(ask, [fileID]);
      if (address?.code !== 'SUCCESS')
        throw Object.assign(new Error('no such file'), { code: address?.code });
      return download(wx, address.tempFileURL);
    }),
    getTempFileURL: api('cloud.getTempFileURL', async ({ fileList }: { fileList: FileId[] }) => ({
      fileList: (await addressesOf(ask, fileList)).map((address) =>
        Object.assign(statusOf(address), { tempFileURL: address.tempFileURL }),
      ),
    })),
    deleteFile: api('cloud.deleteFile', async ({ fileList }: { fileList: string[] }) => {
      const { data } = orThrow(await ask('/wx/storage.batchDeleteFile', { fileid_list: fileList }));
      const { delete_list: list } = data as { delete_list: Omit<Address, 'tempFileURL'>[] };
      return { fileList: list.map(statusOf) };
    }),
  };
}

async function addressesOf(ask: Ask, fileList: readonly FileId[]): Promise<Address[]> {
  const list = fileList.map((file) => (typeof file === 'string' ? { fileID: file } : file));
  const files = list.map(({ fileID: fileid, maxAge }) => ({ fileid, max_age: maxAge }));
  const { data } = orThrow(await ask('/wx/storage.batchGetDownloadUrl', { file_list: files }));
  return (data as { download_list: Address[] }).download_list;
}

function statusOf({ fileID, code }: Omit<Address, 'tempFileURL'>) {
  const isGood = code === 'SUCCESS';
  return { fileID, status: isGood ? 0 : -503003, errMsg: isGood ? 'ok' : code };
}

function readFile(wx: Wx, filePath: string): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath,
      success: ({ data }) => resolve(data),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    });
  });
}

function download(wx: Wx, url: string): Promise<{ statusCode: number; tempFilePath: string }> {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url,
      success: ({ statusCode, tempFilePath }) => resolve({ statusCode, tempFilePath }),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    });
  });
}
