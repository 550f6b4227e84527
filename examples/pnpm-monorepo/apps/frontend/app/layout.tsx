import type { Metadata } from 'next';
import './page.css';

export const metadata: Metadata = { title: 'Shop', description: 'Furniture for a desk' };

export default function Layout({ children }: LayoutProps<'/'>) {
  return (
    <html lang="en">
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}
